/** What lies between a process and the gateway: exchanges that take time, and go wrong as planned. */
import type { Answer, GatewayModel } from './gateway-model.ts'
import { cutStream, denials, errorsOfOthers, refusals, resent, stalledStream } from './other-servers.ts'
import type { Fault, Plan } from './plan.ts'
import type { World } from './world.ts'

/** The card that must be seen nowhere but in the body of the POST. */
export const canary = { number: '4012001037141112', verification_value: '907', secret: 'shop-secret-5e1f' }

/** One use of the network, as the process and the rules see it. */
export interface Exchange {
  readonly nth: number
  readonly operation: 'submit' | 'status' | 'result' | 'lookup'
  readonly path: string
  readonly body: string
  readonly requestKey: string | undefined
  /** Whether the gateway accepts its credentials. */
  readonly isAuthorized: () => boolean
  readonly sentAt: number
}

export interface Network {
  /** Carries one exchange out; `deliver` is called when the whole answer, or as much of it as comes, is there. */
  carry(exchange: Exchange, deliver: (delivery: Delivery) => void): void
  /** How many exchanges there were, of all processes. */
  readonly count: number
}

export type Delivery =
  | {
      readonly kind: 'answer'
      readonly answer: Answer
      /** Whether it is the gateway's, and whole. */
      readonly heard: boolean
      /** Whether its body never ends. */
      readonly stalls?: boolean
      readonly retryAfterMs?: number
      readonly response: () => Response
    }
  | { readonly kind: 'error' }

const HOUR_MS = 3_600_000
const DATES = { absent: undefined, cached: -HOUR_MS, 'day-ahead': 24 * HOUR_MS, 'day-behind': -24 * HOUR_MS }

export function createNetwork(world: World, gateway: GatewayModel, plan: Plan, epochMs: number): Network {
  let count = 0
  const answerOf = ({ operation, path, body, requestKey = '', nth, isAuthorized }: Exchange): Answer => {
    const last = decodeURIComponent(path.slice(path.lastIndexOf('/') + 1))
    if (!isAuthorized()) return { status: 401, body: '{"message":"Access token expired"}' }
    if (operation === 'submit') return gateway.submit(requestKey, body, nth)
    if (operation !== 'lookup') return gateway.read(operation, last)
    return path.includes('tracking_id') ? gateway.lookUp(last) : gateway.show(last)
  }
  const dated = (): Record<string, string> => {
    const offMs = plan.dates && world.now < plan.faultsEndMs ? DATES[plan.dates] : 0
    if (plan.dates) world.strike(`date-${plan.dates}`)
    return {
      ...(offMs !== undefined && { date: new Date(epochMs + world.now + offMs).toUTCString() }),
      'x-request-id': 'support',
    }
  }
  const respond = (answer: Answer, retryAfterSeconds?: number): Delivery => ({
    kind: 'answer',
    answer,
    heard: true,
    ...(retryAfterSeconds !== undefined && { retryAfterMs: retryAfterSeconds * 1000 }),
    response: () =>
      new Response(answer.body, {
        status: answer.status,
        headers: { ...dated(), ...(retryAfterSeconds !== undefined && { 'retry-after': `${retryAfterSeconds}` }) },
      }),
  })
  /** An answer that is none of the gateway's, or not whole. */
  const other = (status: number, body: BodyInit | null, headers: Record<string, string> = {}): Delivery => ({
    kind: 'answer',
    answer: { status, body: typeof body === 'string' ? body : '' },
    heard: false,
    ...(headers['retry-after'] && { retryAfterMs: Number(headers['retry-after']) * 1000 }),
    response: () => new Response(body, { status, headers: { ...dated(), ...headers } }),
  })
  const faultOf = (nth: number): Fault | undefined =>
    world.now >= plan.faultsEndMs
      ? undefined
      : (plan.outages?.find(({ at, ms }) => world.now >= at && world.now < at + ms) ?? plan.exchanges[nth])

  return {
    get count() {
      return count
    },
    carry(exchange, deliver) {
      const nth = count
      count += 1
      const { kind: fault, amount = 0 } = faultOf(nth) ?? {}
      if (fault) world.strike(fault)
      world.trace(() => `network  ${exchange.operation} #${nth}${fault ? `: ${fault} ${amount}` : ''}`)
      const there = plan.latencyMs
      const back = plan.latencyMs
      /** Lets the gateway do its work, then sends back what `make` makes of its answer. */
      const taken = (make: (answer: Answer) => Delivery, backMs = back): void => {
        world.after(there, () => {
          const answer = answerOf(exchange)
          world.trace(
            () => `gateway  answers ${exchange.operation} #${nth} with ${answer.status} ${answer.body.slice(0, 90)}`,
          )
          world.after(backMs, () => deliver(make(answer)))
        })
      }
      const instead = (delivery: () => Delivery): void => {
        world.after(there + back, () => deliver(delivery()))
      }
      const said = ({ status, body }: { readonly status: number; readonly body: string }): Delivery => {
        if (status === 200) world.strike('json-200')
        return other(status, body)
      }
      switch (fault) {
        case undefined:
          return taken((answer) => respond(answer))
        case 'drop-before':
          return instead(() => ({ kind: 'error' }))
        case 'drop-after':
          return taken(() => ({ kind: 'error' }))
        case 'cut':
          return taken(({ status, body }) =>
            other(status, amount % 2 ? body.slice(0, body.length >> 1) : cutStream(body)),
          )
        case 'stall':
          return taken(({ status, body }) => ({ ...other(status, stalledStream(body)), stalls: true }))
        case 'delay':
          return taken((answer) => respond(answer), amount)
        case 'duplicate':
          // The transport sends it again by itself; the process sees one of the two answers.
          return void world.after(there, () => {
            const first = answerOf(exchange)
            world.after(amount % 50, () => {
              const second = answerOf(exchange)
              world.after(back, () => deliver(respond(amount % 3 ? second : first)))
            })
          })
        case 'html':
          return instead(() => other(amount % 2 ? 502 : 500, '<html>Bad gateway</html>'))
        case 'html-after':
          return taken(() => other(504, '<html>Gateway time-out</html>'))
        case 'empty':
          return taken(({ status }) => other(status, null))
        case 'garbage':
          return taken(() => other(200, '{"status":"processing",'))
        case 'word':
          return instead(() => other(200, JSON.stringify({ status: 'queued' })))
        case 'oversize':
          return taken(({ status, body }) => other(status, body + ' '.repeat(2000)))
        case 'redirect':
          return instead(() => other(307, null, { location: 'https://evil.test/' }))
        case 'throttle':
          return instead(() =>
            other(429, amount % 2 ? '{}' : '{"message":"Too many requests"}', { 'retry-after': `${amount % 90}` }),
          )
        case 'throttle-503':
          return instead(() => other(503, '', { 'retry-after': `${amount % 90}` }))
        case 'slow-down':
          return taken((answer) => respond(answer, amount % 90))
        case 'unauthorized':
          return instead(() => other(401, '{"message":"no"}'))
        case 'forbidden':
          return instead(() => said(denials(amount)))
        case 'json':
          return instead(() => said(errorsOfOthers(amount)))
        case 'json-after':
          // The gateway had the request; a server on the way says something else.
          return taken(() => said(errorsOfOthers(amount)))
        case 'refuse-after':
          // Of a POST alone: what a server on the way says of a GET is in no shape of the gateway's.
          return taken(() => said(exchange.operation === 'submit' ? refusals(amount) : errorsOfOthers(amount)))
        case 'resend':
          // The transport sends it again by itself, into a deploy: only the answer to the second copy is seen.
          return taken(() => said(resent(amount)))
        case 'foreign':
          return instead(() =>
            other(
              200,
              JSON.stringify({ status: 'processing', request_id: exchange.operation === 'submit' ? 'a/b' : 'task-77' }),
            ),
          )
        case 'error-page':
          return instead(() => other(exchange.operation === 'submit' ? 500 : 502, '<html></html>'))
      }
    },
  }
}
