/**
 * A hundred thousand payments at once, in one process, with the sandbox in the same one: to their outcomes, by the default
 * schedule with a later first question, on the real clock. Every payment has to end in its own result, and to have charged once.
 * `-- --payments N --latency SECONDS --json FILE`: starting them all has to take less than the gateway takes for one.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import process from 'node:process'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { basicAuth, createClient, type Outcome, sqrtSchedule } from '@async-transaction/core'
import { createSandbox } from '@async-transaction/sandbox'

/** Started together: what a process can submit in a few milliseconds, and then lets the others speak. */
const PORTION = 500

const { values } = parseArgs({
  options: {
    payments: { type: 'string', default: '100000' },
    latency: { type: 'string', default: '70' },
    json: { type: 'string' },
  },
})
const payments = Number(values.payments)
const latencyMs = Number(values.latency) * 1000

let requests = 0
// A slow gateway, so that all payments are under way at the same time, and a schedule that knows it.
const sandbox = createSandbox({ latencyMs: [latencyMs, latencyMs + 20_000], seed: 1 })
const client = createClient({
  baseUrl: 'https://gateway.test',
  schedule: sqrtSchedule({ firstMs: latencyMs }),
  auth: basicAuth({ shopId: 361, secretKey: 'shop-secret' }),
  fetch: (request, init) => {
    requests++
    return sandbox.fetch(request, init)
  },
})

const megabytes = (bytes: number): number => Math.round(bytes / 1e6)
const idle = process.memoryUsage()
let most = idle
const memory = setInterval(() => {
  const now = process.memoryUsage()
  if (now.rss > most.rss) most = now
}, 250)

const began = performance.now()
const cpu = process.cpuUsage()
const outcomes: Promise<Outcome>[] = []
let underWay = 0
let mostUnderWay = 0
const settledOne = (): void => {
  underWay--
}
while (outcomes.length < payments) {
  for (let left = Math.min(PORTION, payments - outcomes.length); left > 0; left--) {
    const outcome = client.submit('payments', order(outcomes.length)).outcome()
    outcomes.push(outcome)
    void outcome.then(settledOne)
    mostUnderWay = Math.max(mostUnderWay, ++underWay)
  }
  await pause(0)
}
const startedMs = performance.now() - began
const settled = await Promise.all(outcomes)
const tookMs = performance.now() - began
const { user, system } = process.cpuUsage(cpu)
clearInterval(memory)

const wrong = settled.filter(
  (outcome, number) =>
    outcome.status !== 'result' ||
    outcome.transaction?.tracking_id !== trackingId(number) ||
    outcome.transaction.status !== 'successful',
)
const charged = new Map<string, number>()
for (const { tracking_id: id = '', status } of sandbox.transactions())
  if (status === 'successful') charged.set(`${id}`, (charged.get(`${id}`) ?? 0) + 1)
const chargedOnce = [...charged.values()].filter((count) => count === 1).length

const scale = {
  payments,
  mostUnderWay,
  startedMs: Math.round(startedMs),
  tookMs: Math.round(tookMs),
  requests,
  requestsPerPayment: Math.round((requests / payments) * 10) / 10,
  requestsPerSecond: Math.round(requests / (tookMs / 1000)),
  cpuUsPerRequest: Math.round((user + system) / requests),
  mostMemoryMb: megabytes(most.rss),
  mostHeapMb: megabytes(most.heapUsed),
  wrongOutcomes: wrong.length,
  chargedOnce,
  charges: sandbox.charges(),
}
process.stdout.write(`\n${payments.toLocaleString('en')} payments at once\n`)
console.table(scale)
const reconciled = !wrong.length && chargedOnce === payments && scale.charges === payments
process.stdout.write(
  `${reconciled ? 'holds   ' : 'DOES NOT HOLD'} every payment ended in its own result, charged once\n`,
)
if (values.json) {
  const file = existsSync(values.json) ? JSON.parse(readFileSync(values.json, 'utf8')) : {}
  writeFileSync(values.json, `${JSON.stringify({ ...file, scale }, null, 2)}\n`)
}
process.exit(reconciled ? 0 : 1)

function trackingId(number: number): string {
  return `order-${number}`
}

function order(number: number) {
  return {
    amount: 3245,
    currency: 'KZT',
    description: 'Order',
    tracking_id: trackingId(number),
    duplicate_check: false,
    credit_card: {
      number: '4200000000000000',
      verification_value: '123',
      holder: 'CARD HOLDER',
      exp_month: '05',
      exp_year: '2030',
    },
  }
}
