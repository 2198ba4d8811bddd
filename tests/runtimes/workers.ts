/** Workers on workerd, by miniflare; with the compatibility dates and flags that change what a runtime is. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Miniflare } from 'miniflare'

/** Before `cache` in requests and `WeakRef` were there, and the newest that this workerd knows. */
export const compatibilityDates = ['2023-03-01', '2026-11-01']

export interface WorkerSettings {
  readonly compatibilityDate: string
  readonly nodejsCompat: boolean
}

/** Starts one of the bundles, on a workerd of its own. */
export const startWorker = ({ script, ...settings }: WorkerSettings & { readonly script: string }): Miniflare =>
  workerOf(readFileSync(join(import.meta.dirname, 'dist', `${script}.js`), 'utf8'), settings, script)

/** Starts a Worker of one module. */
export const workerOf = (
  contents: string,
  { compatibilityDate, nodejsCompat }: WorkerSettings,
  name = 'worker',
): Miniflare =>
  new Miniflare({
    inspectorPort: 0,
    // What a Worker says is for its test to judge, and one is made to fail.
    handleStructuredLogs: () => {},
    workers: [
      {
        config: {
          name,
          compatibilityDate,
          compatibilityFlags: nodejsCompat ? ['nodejs_compat'] : [],
          manifest: { mainModule: 'worker.js', modules: { 'worker.js': { type: 'esm', contents } } },
        },
        // Requests go out as workerd sends them, and may come in, without another Worker on the way.
        dev: { stripCfConnectingIp: false, unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }] },
      },
    ],
  })
