/** The store of Durable Objects, in a real workerd by `wrangler dev`. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OutcomeStore } from '@async-transaction/proxy'
import { afterAll, beforeAll } from 'vitest'
import { freePort, type Started, start } from '../processes.ts'
import { testStore } from '../store-contract.ts'
import { bin, quiet } from './deployment.ts'

const scratch = mkdtempSync(join(tmpdir(), 'async-transaction-objects-'))
let worker: Started
let url = ''

beforeAll(async () => {
  const port = await freePort()
  worker = await start(
    bin('wrangler'),
    [
      ...['dev', '--config', 'tests/proxy/deployments/store-worker/wrangler.jsonc'],
      ...['--ip', '127.0.0.1', '--port', `${port}`, '--inspector-port', '0'],
      ...['--show-interactive-dev-session=false', '--persist-to', scratch],
    ],
    quiet,
    /Ready on/,
  )
  url = `http://127.0.0.1:${port}`
}, 60_000)
afterAll(async () => {
  await worker?.end('SIGTERM')
  rmSync(scratch, { recursive: true, force: true })
})

const call =
  (method: string) =>
  async (...args: unknown[]): Promise<never> => {
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify({ method, call: args }) })
    if (!answer.ok) throw new Error(await answer.text())
    return (await answer.json()) as never
  }

testStore('Durable Objects in workerd', () => {
  const store: Required<OutcomeStore> = {
    get: call('get'),
    set: call('set'),
    claim: call('claim'),
    setLeased: call('setLeased'),
    due: call('due'),
  }
  return { store, pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)), checksItself: true }
})
