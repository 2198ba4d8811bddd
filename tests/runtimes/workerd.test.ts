import type { Verdict } from './contract.ts'
import { runOn } from './run-on.ts'
import { compatibilityDates, startWorker } from './workers.ts'

for (const compatibilityDate of compatibilityDates)
  for (const nodejsCompat of [false, true])
    runOn(`workerd ${compatibilityDate}${nodejsCompat ? ' nodejs_compat' : ''}`, async (job, places) => {
      const worker = startWorker({ script: 'worker', compatibilityDate, nodejsCompat })
      try {
        const answer = await worker.dispatchFetch(`http://worker/${job}`, {
          method: 'POST',
          body: JSON.stringify(places),
        })
        return (await answer.json()) as Verdict[]
      } finally {
        await worker.dispose()
      }
    })
