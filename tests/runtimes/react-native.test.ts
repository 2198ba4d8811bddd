/** What React Native and webviews give the library, in a worker of each browser that `BROWSERS` names. */
import type { Verdict } from './contract.ts'
import { browserNames, inPage } from './pages.ts'
import { runOn } from './run-on.ts'

for (const browser of browserNames)
  runOn(`${browser} as React Native`, (job, { gatewayUrl, elsewhereUrl }) =>
    inPage<Verdict[]>(
      browser,
      `${gatewayUrl}/page/react-native-page?job=${job}&elsewhere=${encodeURIComponent(elsewhereUrl)}`,
      'verdicts',
    ),
  )
