/** Real faults over real sockets: the sandbox's command, in a process of its own, resets, cuts, stalls and lies. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { basicAuth, createClient, fixedSchedule } from '@async-transaction/core'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRandom } from '../simulation/random.ts'
import { ask } from './ask.ts'
import { chargesOf, describe as describeOutcome, payThroughFaults, plan, type Verdict } from './cases.ts'

const root = join(import.meta.dirname, '../..')
const SOURCE = '@async-transaction/source'
let gateway: ChildProcess
let gatewayUrl = ''
let scratch = ''

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'async-transaction-faults-'))
  const flags = [`--conditions=${SOURCE}`, '--disable-warning=ExperimentalWarning']
  gateway = spawn(process.execPath, [...flags, 'packages/sandbox/src/bin.ts', '--port', '0', '--latency', '200'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (!gateway.stdout) throw new Error('no output')
  for await (const line of createInterface(gateway.stdout)) {
    gatewayUrl = /http:\/\/[\d.]+:\d+/.exec(line)?.[0] ?? ''
    if (gatewayUrl) break
  }
  gateway.stdout.resume()
}, 20_000)

afterAll(() => {
  gateway.kill()
  rmSync(scratch, { recursive: true, force: true })
})

/** The cases as one file, that any runtime can run. */
async function bundled(): Promise<string> {
  const outfile = join(scratch, 'run.mjs')
  await build({
    entryPoints: [join(import.meta.dirname, 'run.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    conditions: [SOURCE],
    logLevel: 'error',
  })
  return outfile
}

const expectNoProblem = (verdicts: readonly Verdict[]): void => {
  expect(verdicts.filter(({ problem }) => problem)).toEqual([])
  expect(verdicts.length).toBeGreaterThan(45)
}

// What is given up takes three POSTs of 1.5 s each, and five lookups over ten seconds and more.
describe.concurrent('every payment is charged once, and its outcome known, through every fault', {
  timeout: 60_000,
}, () => {
  it('in Node', async () => {
    expectNoProblem(await payThroughFaults(gatewayUrl, 'Node', 10_000))
  })

  it.each([
    ['Deno', 'deno', ['run', '--allow-net', '--no-lock'], '20000'],
    ['Bun', 'bun', ['run'], '30000'],
  ])('in %s', async (name, command, args, first) => {
    const binary = join(root, 'node_modules/.bin', command)
    expect(existsSync(binary), `${command} is installed`).toBe(true)
    const { stdout } = await promisify(execFile)(binary, [...args, await bundled(), gatewayUrl, name, first], {
      cwd: scratch,
      env: { ...process.env, NO_COLOR: '1' },
    })
    expectNoProblem(JSON.parse(stdout) as Verdict[])
  })
})

it('1000 payments at once, with 30 % of all exchanges going wrong, are what the gateway charged', {
  timeout: 120_000,
}, async () => {
  const random = createRandom(1)
  const kinds = ['drop-before', 'drop-after', 'truncate', 'stall', 'empty', 'garbage', 'html', 'throttle', 'proxy-json']
  const statuses = [404, 409, 413, 502]
  const client = createClient({
    baseUrl: gatewayUrl,
    auth: basicAuth({ shopId: 'shop', secretKey: 'secret' }),
    schedule: fixedSchedule({ intervalMs: 300 }),
    submitTimeoutMs: 6000,
    pollTimeoutMs: 3000,
  })
  let struck = 0
  const payments = await Promise.all(
    Array.from({ length: 1000 }, async (_, index) => {
      const trackingId = `crowd-${index}`
      for (const on of ['submit', 'submit', 'submit', 'status', 'status', 'result', 'result', 'lookup'])
        if (random.chance(0.3)) {
          struck += 1
          const kind = random.pick(kinds)
          const refusal = kind === 'proxy-json' && { status: random.pick(statuses), taken: random.chance(0.5) }
          await plan(gatewayUrl, { on, trackingId, kind, ...refusal, ...(random.chance(0.1) && { times: 3 }) })
        }
      const fails = random.chance(0.2)
      if (fails) await plan(gatewayUrl, { on: 'submit', trackingId, kind: 'error', charged: random.chance(0.3) })
      const outcome = await client
        .submit('payments', {
          amount: 1000 + index,
          currency: 'KZT',
          description: 'One of many',
          tracking_id: trackingId,
          credit_card: {
            number: !fails && random.chance(0.2) ? '4005550000000019' : '4200000000000000',
            verification_value: '123',
            exp_month: '05',
            exp_year: '2040',
            holder: 'A',
          },
        })
        .outcome()
      return { trackingId, outcome, charges: await chargesOf(gatewayUrl, trackingId) }
    }),
  )
  const ends: Record<string, number> = {}
  for (const { trackingId, outcome, charges } of payments) {
    const end = describeOutcome(outcome)
    ends[end] = (ends[end] ?? 0) + 1
    expect(charges, `${trackingId}: ${end}`).toBeLessThanOrEqual(1)
    // What is declined reached the card as well.
    if (outcome.status === 'result') expect(charges, `${trackingId}: ${end}`).toBe(1)
    if (outcome.status === 'error' && outcome.error.effect === 'none') expect(charges, `${trackingId}: ${end}`).toBe(0)
  }
  const all = ((await ask(`${gatewayUrl}/sandbox/charges`)) as { charges: number }).charges
  const others = await Promise.all(['Node', 'Deno', 'Bun'].map((run) => chargedIn(run)))
  const sum = payments.reduce((total, { charges }) => total + charges, 0)
  expect(sum + others.reduce((total, charged) => total + charged, 0)).toBe(all)
  expect(struck).toBeGreaterThan(2000)
  expect(ends['result successful']).toBeGreaterThan(500)
})

/** What the cases of one runtime were charged. */
async function chargedIn(run: string): Promise<number> {
  const { transactions } = (await ask(`${gatewayUrl}/sandbox/transactions`)) as {
    transactions: { tracking_id: string; status: string }[]
  }
  return transactions.filter(({ tracking_id, status }) => tracking_id.startsWith(`${run}-`) && status === 'successful')
    .length
}
