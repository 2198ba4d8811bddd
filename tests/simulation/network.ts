/** What lies between a process and the gateway: exchanges that take time, and go wrong as planned. */
import type { Answer, GatewayModel } from './gateway-model.ts'
import type { Plan } from './plan.ts'
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
  readonly signal: AbortSignal
}

export interface Network {
  /** Carries one exchange out; `deliver` is called when the whole answer, or as much of it as comes, is there. */
  carry(exchange: Exchange, deliver: (delivery: Delivery) => void): void
  /** How many exchanges there were, of all processes. */
  readonly count: number
}

export type Delivery =
  | { readonly kind: 'answer'; readonly answer: Answer; readonly heard: boolean; readonly response: () => Response }
  | { readonly kind: 'error' }

export function createNetwork(world: World, gateway: GatewayModel, plan: Plan, epochMs: number): Network {
  let count = 0
  const answerOf = ({ operation, path, body, requestKey = '' }: Exchange): Answer => {
    const last = decodeURIComponent(path.slice(path.lastIndexOf('/') + 1))
    if (operation === 'submit') return gateway.submit(requestKey, body)
    return operation === 'lookup' ? gateway.lookUp(last) : gateway.read(operation, last)
  }
  const respond = (answer: Answer, headers: Record<string, string> = {}): Delivery => ({
    kind: 'answer',
    answer,
    heard: true,
    response: () =>
      new Response(answer.body, { status: answer.status, headers: { ...dated(), ...answer.headers, ...headers } }),
  })
  const dated = (): Record<string, string> => ({
    date: new Date(epochMs + world.now).toUTCString(),
    'x-request-id': 'support',
  })
  /** An answer that is none of the gateway's, or not whole. */
  const other = (status: number, body: BodyInit | null, headers: Record<string, string> = {}): Delivery => ({
    kind: 'answer',
    answer: { status, body: '' },
    heard: false,
    response: () => new Response(body, { status, headers: { ...dated(), ...headers } }),
  })

  return {
    get count() {
      return count
    },
    carry(exchange, deliver) {
      const nth = count
      count += 1
      const planned = world.now < plan.faultsEndMs ? plan.exchanges[nth] : undefined
      const fault = planned?.kind
      const amount = planned?.amount ?? 0
      if (fault) world.strike(fault)
      world.trace(() => `network  ${exchange.operation} #${nth}${fault ? `: ${fault}` : ''}`)
      const there = plan.latencyMs
      const back = plan.latencyMs
      /** Lets the gateway do its work, then sends back what `make` makes of its answer. */
      const taken = (make: (answer: Answer) => Delivery | undefined, backMs = back): void => {
        world.after(there, () => {
          const answer = answerOf(exchange)
          world.trace(
            () => `gateway  answers ${exchange.operation} #${nth} with ${answer.status} ${answer.body.slice(0, 90)}`,
          )
          world.after(backMs, () => {
            const delivery = make(answer)
            if (delivery) deliver(delivery)
          })
        })
      }
      const instead = (delivery: () => Delivery): void => {
        world.after(there + back, () => deliver(delivery()))
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
          return taken(({ status, body }) => other(status, stalledStream(body)))
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
        case 'unauthorized':
          return instead(() => other(401, '{"message":"no"}'))
        case 'foreign':
          return instead(() =>
            other(
              200,
              JSON.stringify({ status: 'processing', request_id: exchange.operation === 'submit' ? 'a/b' : 'task-77' }),
            ),
          )
        case 'error-page':
          // A gateway's error in JSON that is about the exchange, not the task: it is the end of a GET all the same.
          return instead(() => other(exchange.operation === 'submit' ? 500 : 502, '<html></html>'))
      }
    },
  }
}

const bytes = new TextEncoder()

const cutStream = (body: string): ReadableStream =>
  new ReadableStream({
    start: (controller) => controller.enqueue(bytes.encode(body.slice(0, body.length >> 1))),
    pull: (controller) => controller.error(new TypeError('terminated')),
  })

const stalledStream = (body: string): ReadableStream =>
  new ReadableStream({ start: (controller) => controller.enqueue(bytes.encode(body.slice(0, body.length >> 1))) })
