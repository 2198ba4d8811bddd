/** Workers on workerd, by miniflare; with the compatibility dates and flags that change what a runtime is. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Miniflare } from 'miniflare'

export interface WorkerSettings {
  /** Which of the bundles it is made of. */
  readonly script: string
  readonly compatibilityDate: string
  readonly nodejsCompat: boolean
}

/** Starts one on a workerd of its own. */
export function startWorker({ script, compatibilityDate, nodejsCompat }: WorkerSettings): Miniflare {
  const contents = readFileSync(join(import.meta.dirname, 'dist', `${script}.js`), 'utf8')
  return new Miniflare({
    inspectorPort: 0,
    workers: [
      {
        config: {
          name: script,
          compatibilityDate,
          compatibilityFlags: nodejsCompat ? ['nodejs_compat'] : [],
          manifest: { mainModule: 'worker.js', modules: { 'worker.js': { type: 'esm', contents } } },
        },
        // Requests go out as workerd sends them, and not by way of another Worker.
        dev: { stripCfConnectingIp: false },
      },
    ],
  })
}

/** Before `cache` in requests and `WeakRef` were there, and the newest that this workerd knows. */
export const compatibilityDates = ['2023-03-01', '2026-11-01']
