/**
 * `npm run bench:proxy`: what the token proxy adds to a poll, as a ratio to a bare pass-through, which only adds the shop's
 * credentials and hands the gateway's answer on. Both ask the same gateway for the same running task, in turns. What counts
 * is the time of the processor, all threads of this process together: it depends little on what else the machine does.
 */
import process from 'node:process'
import { createTokenProxy } from '@async-transaction/proxy'
import { createSandbox } from '@async-transaction/sandbox'
import { serveSandbox } from '@async-transaction/sandbox/node'
import { newOrder, requestFor } from '../tests/proxy/shop.ts'
import { credentials, secret } from '../tests/proxy/shop-keys.ts'

const ROUNDS = 15
const POLLS = 300

type Poll = () => Promise<Response>

const never = { max: 1e9, windowMs: 1e9 }
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** Milliseconds of the processor per poll, of a round of them, one after the other. */
async function timed(poll: Poll): Promise<number> {
  const began = process.cpuUsage()
  for (let count = 0; count < POLLS; count++) {
    const answer = await poll()
    if (answer.status !== 200 || !(await answer.text()).includes('processing')) throw new Error('Not a running task')
  }
  const { user, system } = process.cpuUsage(began)
  return (user + system) / 1000 / POLLS
}

async function compare(name: string, bare: Poll, proxied: Poll): Promise<void> {
  await timed(bare)
  await timed(proxied)
  const rounds: { bare: number; proxied: number; ratio: number }[] = []
  for (let round = 0; round < ROUNDS; round++) {
    // Who goes first takes turns as well.
    const [one, other] = round % 2 ? [bare, proxied] : [proxied, bare]
    const [a, b] = [await timed(one), await timed(other)]
    const [of, to] = round % 2 ? [b, a] : [a, b]
    rounds.push({ bare: to, proxied: of, ratio: of / to })
  }
  const ratios = rounds.map(({ ratio }) => ratio)
  const ms = (which: 'bare' | 'proxied'): string => `${median(rounds.map((round) => round[which])).toFixed(3)} ms`
  process.stdout.write(
    `${name}: ${median(ratios).toFixed(1)}× (${Math.min(...ratios).toFixed(1)} to ${Math.max(...ratios).toFixed(1)}), ` +
      `${ms('proxied')} of the processor a poll against ${ms('bare')}; ${ROUNDS} rounds of ${POLLS}\n`,
  )
}

/** A task that runs for as long as the measurement does, and the two ways to poll it. */
async function polls(gatewayUrl: string, ask: typeof fetch): Promise<[bare: Poll, proxied: Poll]> {
  const limits = { token: never, address: never, submits: never, card: never }
  const gateway = { baseUrl: gatewayUrl, ...credentials }
  const proxy = createTokenProxy({ gateway, secret, origins: ['https://shop.example'], limits, fetch: ask })
  const order = newOrder()
  const headers = { authorization: `Bearer ${await proxy.issue({ type: 'payments', ...order })}` }
  const taken = await proxy.fetch(
    new Request('https://shop.example/pay/async/transactions/payments', {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ request: requestFor(order) }),
    }),
  )
  const { status_url: path } = (await taken.json()) as { status_url: string }
  const authorization = `Basic ${btoa(`${credentials.shopId}:${credentials.secretKey}`)}`
  const passThrough = async (request: Request): Promise<Response> => {
    const target = gatewayUrl + new URL(request.url).pathname.slice('/pay'.length)
    const answer = await ask(new Request(target, { headers: { authorization } }))
    return new Response(await answer.text(), { status: answer.status })
  }
  const request = (): Request => new Request(`https://shop.example${path}`, { headers })
  return [() => passThrough(request()), () => proxy.fetch(request())]
}

const options = { credentials, latencyMs: 1e9 }

const inProcess = createSandbox(options)
await compare('gateway in process', ...(await polls('https://gateway.test', inProcess.fetch as typeof fetch)))
inProcess.close()

const sandbox = createSandbox(options)
const server = await serveSandbox(sandbox)
await compare('gateway over loopback', ...(await polls(server.url, fetch)))
sandbox.close()
await server.close()
