/** One process of the proxy, on a store that it shares. It may die, stand still, or be told to go. */
import { type ChargeOutcome, createTokenProxy, type ProxyEvent, type TokenProxy } from '@async-transaction/proxy'
import type { Gateway, GatewayAnswer } from './gateway.ts'
import type { ProxyPlan } from './plan.ts'
import type { SharedStore } from './store.ts'
import { shop } from './webhook.ts'
import { createLife, type Life, type ProxyWorld } from './world.ts'

export interface Isolate {
  readonly name: string
  readonly life: Life
  readonly proxy: TokenProxy
  /** Serves a request of a page; rejects if the process dies before it has answered. */
  serve(request: Request): Promise<Response>
}

export interface IsolateParts {
  readonly world: ProxyWorld
  readonly plan: ProxyPlan
  readonly gateway: Gateway
  readonly store: SharedStore
  /** Every exchange with the gateway, of all isolates, by its number. */
  readonly nextExchange: () => number
  readonly told: (outcome: ChargeOutcome) => void
  readonly logged: (event: ProxyEvent) => void
  readonly random: () => number
}

export function createIsolate(parts: IsolateParts, name: string): Isolate {
  const { world, plan, gateway, store, nextExchange, told, logged, random } = parts
  const { clock } = world
  const began = clock.now()
  const life = createLife(world)
  const after = (ms: number): Promise<void> => new Promise((resolve) => void clock.setTimeout(resolve, ms))

  const answer = async (request: Request): Promise<GatewayAnswer> => {
    const path = new URL(request.url).pathname
    const last = decodeURIComponent(path.slice(path.lastIndexOf('/') + 1))
    if (request.method === 'POST') return gateway.submit(request.headers.get('requestid') ?? '', await request.text())
    if (path.startsWith('/async/status/')) return gateway.read('status', last)
    if (path.startsWith('/async/result/')) return gateway.read('result', last)
    return path.includes('tracking_id') ? gateway.lookUp(last) : gateway.show(last)
  }
  const respond = ({ status, body }: GatewayAnswer, headers: Record<string, string> = {}): Response =>
    Response.json(body, { status, headers: { date: new Date(clock.now()).toUTCString(), ...headers } })

  const send = async (request: Request): Promise<Response> => {
    const nth = nextExchange()
    const planned = clock.now() - shop.began(world) < plan.faultsEndMs ? plan.gateway[nth] : undefined
    const path = new URL(request.url).pathname
    if (planned) world.strike(`gateway ${planned.kind}`)
    world.trace(() => `${name} asks ${request.method} ${path}${planned ? `: ${planned.kind}` : ''}`)
    const amount = planned?.amount ?? 0
    await after(plan.latencyMs)
    const heard = async (): Promise<Response> => {
      const response = respond(await answer(request.clone()))
      await after(plan.latencyMs)
      return response
    }
    switch (planned?.kind) {
      case 'drop-before':
        throw new TypeError('fetch failed')
      case 'drop-after':
        await answer(request)
        throw new TypeError('fetch failed')
      case 'html':
        return new Response('<html>Bad gateway</html>', { status: 502 })
      case 'delay':
        await after(amount)
        return heard()
      case 'json':
        return Response.json(
          { message: 'no healthy upstream' },
          { status: [404, 500, 502, 503, 400, 200][amount % 6] ?? 500 },
        )
      case 'json-after':
        await answer(request)
        return Response.json({ message: 'upstream timed out' }, { status: [504, 408, 502][amount % 3] ?? 504 })
      case 'throttle':
        return Response.json(
          { message: 'Too many requests' },
          { status: 429, headers: { 'retry-after': `${amount % 20}` } },
        )
      case 'unauthorized':
        return Response.json({ message: 'no' }, { status: 401 })
      case 'resend':
        await answer(request.clone())
        return heard()
      case 'busy':
        await answer(request.clone())
        return request.method === 'POST' ? Response.json({ message: 'In progress' }, { status: 409 }) : heard()
      default:
        return heard()
    }
  }

  const proxy = createTokenProxy({
    gateway: { baseUrl: 'https://gateway.test', shopId: shop.id, secretKey: shop.secretKey },
    secret: shop.tokenSecret,
    origins: ['https://shop.test'],
    outcomes: store.seenBy(life),
    webhook: { publicKey: shop.publicKey },
    onOutcome: async (outcome) => {
      await life.gate(undefined)
      told(outcome)
    },
    onEvent: logged,
    fetch: (request) => life.gate(send(request as Request)) as never,
    clock: life.clock,
    random,
    clientAddress: () => '192.0.2.1',
  })
  world.trace(() => `${name} begins after ${clock.now() - began} ms`)

  return {
    name,
    life,
    proxy,
    serve: (request) =>
      new Promise((resolve, reject) => {
        const gone = (): void => reject(new TypeError('connection reset'))
        if (!life.alive) return gone()
        life.onEnd(gone)
        life.awake(() => life.gate(proxy.fetch(request)).then(resolve, reject))
      }),
  }
}
