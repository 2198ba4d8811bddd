/** The gateway as the tabs of one order see it: a task whose result can be read again, or whose error is returned once. */
import type { ProxyWorld } from '../proxy/world.ts'
import type { RequestFault, TabsPlan } from './plan.ts'

export interface TabsGateway {
  readonly charges: number
  /** The once-only error was read by somebody. */
  readonly errorRead: boolean
  fetch(request: Request): Promise<Response>
}

const TASK = 'task-1'

export function createTabsGateway(world: ProxyWorld, plan: TabsPlan, amount: number): TabsGateway {
  const keys = new Set<string>()
  let acceptedAt = 0
  let questions = 0
  let errorRead = false
  const sleep = (ms: number): Promise<void> => new Promise((done) => world.clock.setTimeout(done, ms))
  const json = (status: number, body: object): Response =>
    new Response(JSON.stringify(body), {
      status,
      headers: { date: new Date(world.now()).toUTCString(), 'content-type': 'application/json' },
    })
  const transaction = () => ({
    uid: 'uid-1',
    type: 'payment',
    status: plan.truth,
    amount,
    currency: 'KZT',
    tracking_id: 'order-1',
    created_at: new Date(acceptedAt).toISOString(),
  })
  const isDone = (): boolean => acceptedAt > 0 && world.now() >= acceptedAt + plan.latencyMs

  async function answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url)
    if (request.method === 'POST') {
      keys.add(request.headers.get('requestid') ?? '')
      acceptedAt ||= world.now()
      return json(200, { status: 'processing', request_id: TASK })
    }
    if (pathname.includes('tracking_id'))
      return json(200, { transactions: isDone() && plan.truth !== 'error' ? [transaction()] : [] })
    if (!isDone()) return json(200, { status: 'processing', request_id: TASK })
    if (plan.truth === 'error') {
      if (errorRead) return json(404, { status: 'unknown', request_id: TASK })
      errorRead = true
      return json(500, { message: "We're sorry, but something went wrong" })
    }
    return pathname.includes('/status/')
      ? json(200, { status: 'completed', request_id: TASK })
      : json(200, { transaction: transaction() })
  }

  async function faulty(request: Request, fault: RequestFault | undefined): Promise<Response> {
    if (fault) world.strike(fault)
    switch (fault) {
      case 'drop-before':
        throw new TypeError('reset')
      case 'json':
        return json(503, { message: 'No server is available' })
      case 'html':
        await answer(request)
        return new Response('<h1>Bad gateway</h1>', { status: 502 })
      case 'drop-after':
        await answer(request)
        throw new TypeError('reset')
      case 'slow': {
        const response = await answer(request)
        await sleep(plan.pollTimeoutMs - 1000)
        return response
      }
      default:
        return answer(request)
    }
  }

  return {
    get charges() {
      return keys.size
    },
    get errorRead() {
      return errorRead
    },
    async fetch(request) {
      await sleep(plan.networkMs)
      const question = request.method === 'GET' && request.url.includes('/async/')
      const response = await faulty(request, question ? plan.requests[questions++] : undefined)
      await sleep(plan.networkMs)
      return response
    },
  }
}
