/** In the browsers that `BROWSERS` names: see `tests/browsers/projects.ts`. */
import type { Verdict } from './contract.ts'
import { browserNames, inPage } from './pages.ts'
import { runOn } from './run-on.ts'

for (const browser of browserNames)
  runOn(browser, (job, { gatewayUrl, elsewhereUrl }) =>
    inPage<Verdict[]>(
      browser,
      `${gatewayUrl}/page/page?job=${job}&elsewhere=${encodeURIComponent(elsewhereUrl)}`,
      'verdicts',
    ),
  )
