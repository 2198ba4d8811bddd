/** In the browsers that `BROWSERS` names: see `tests/browsers/projects.ts`. */
import type { Verdict } from './contract.ts'
import { browserNames, inPage } from './pages.ts'
import { runContract } from './run-contract.ts'

for (const browser of browserNames)
  runContract(browser, ({ gatewayUrl, elsewhereUrl }) =>
    inPage<Verdict[]>(browser, `${gatewayUrl}/page/page?elsewhere=${encodeURIComponent(elsewhereUrl)}`, 'verdicts'),
  )
