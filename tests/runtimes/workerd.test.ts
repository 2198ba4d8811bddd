import type { Verdict } from './contract.ts'
import { runContract } from './run-contract.ts'
import { compatibilityDates, startWorker } from './workers.ts'

for (const compatibilityDate of compatibilityDates)
  for (const nodejsCompat of [false, true])
    runContract(`workerd ${compatibilityDate}${nodejsCompat ? ' nodejs_compat' : ''}`, async (places) => {
      const worker = startWorker({ script: 'worker', compatibilityDate, nodejsCompat })
      try {
        const answer = await worker.dispatchFetch('http://worker/', { method: 'POST', body: JSON.stringify(places) })
        return (await answer.json()) as Verdict[]
      } finally {
        await worker.dispose()
      }
    })
