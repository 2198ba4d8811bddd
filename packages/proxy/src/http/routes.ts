/** The fixed paths of the proxy, what is refused before anything is done, and the headers of every answer. */
import { REQUEST_ID } from '@async-transaction/core/protocol'
import type { Context, Hono } from 'hono'
import { cors } from 'hono/cors'
import { addressGroup } from '../address-group.ts'
import { type Answer, refusal, tooMany, unavailable } from '../answer.ts'
import type { FetchContext } from '../fetch-context.ts'
import type { Settings } from '../options.ts'
import { fingerprintsOf } from '../outcomes/fingerprints.ts'
import type { createLookUp } from '../outcomes/look-up.ts'
import type { TaskReader } from '../outcomes/read-task.ts'
import { StoreError } from '../outcomes/record-store.ts'
import { WEBHOOK_BYTES } from '../outcomes/settle-webhook.ts'
import type { Charge } from '../outcomes/submit-charge.ts'
import type { ProxyOperation } from '../proxy-event.ts'
import { bindRequest } from '../token/bind-request.ts'
import { type Grant, isFields } from '../token/grant.ts'
import { intentOf, orderKey } from '../token/intent-id.ts'
import type { Keyring } from '../token/keyring.ts'
import type { Tokens } from '../token/tokens.ts'
import { addressOf, plainAddress } from './context.ts'
import { pageBody } from './page-body.ts'
import { RateLimiter } from './rate-limiter.ts'
import { parseJson, readBody } from './read-body.ts'

export interface Services {
  readonly tokens: Tokens
  readonly keyring: Keyring
  readonly reader: TaskReader
  /** Whether the process is about to end: nothing is begun any more. */
  readonly isClosing: () => boolean
  /** Lets `work` end, though its request is answered. */
  readonly background: (context: FetchContext | undefined, work: Promise<unknown>) => void
  readonly submit: (charge: Charge) => Promise<Answer>
  readonly lookUp: ReturnType<typeof createLookUp>
  readonly settleWebhook?:
    | ((headers: Headers, body: Uint8Array<ArrayBuffer>) => Promise<Answer | undefined>)
    | undefined
}

interface Env {
  Bindings: { readonly context: FetchContext | undefined }
  Variables: { operation?: ProxyOperation; grant?: Grant; requestId?: string }
}
type Call = Context<Env>

const CHALLENGE = { 'WWW-Authenticate': 'Bearer' }

/** Anything else in that header is not for a log. */
const ORIGIN = /^(?:null|[a-z][a-z\d+.-]*:\/\/[\w.:[\]-]{1,255})$/i

/** A request of a page; it holds one card and one address. */
const MOST_BYTES = 64 * 1024

export function createRoutes(app: Hono<Env>, settings: Settings, services: Services): Hono<Env> {
  const { basePath, origins, clock, emit, limits, gateway, cards, pageFields } = settings
  const { tokens, keyring, reader, isClosing, background, submit, lookUp, settleWebhook } = services
  const perToken = new RateLimiter(limits.token)
  const perAddress = new RateLimiter(limits.address)
  const submitsPerAddress = new RateLimiter(limits.submits)

  const address = ({ req, env }: Call): string | undefined =>
    plainAddress(
      settings.clientAddress ? settings.clientAddress(req.raw, env.context) : addressOf(req.raw, env.context),
    )

  app.use(framed, guardOrigin)
  app.use(
    cors({
      origin: [...origins],
      allowMethods: ['GET', 'POST'],
      allowHeaders: ['authorization', 'content-type', 'requestid'],
      exposeHeaders: ['Date', 'Retry-After', 'Idempotency-Replayed'],
      maxAge: 600,
    }),
  )
  route('post', '/async/transactions/:type', 'submit', withGrant(postCharge))
  for (const operation of ['status', 'result'] as const)
    route(
      'get',
      `/async/${operation}/:id`,
      operation,
      withGrant((call, grant) => readTask(call, grant, operation)),
    )
  route('get', '/transactions/:id', 'lookup', withGrant(lookUpUid))
  route('get', '/v2/transactions/tracking_id/:id{.+}', 'lookup', withGrant(lookUpOrder))
  if (settleWebhook) route('post', '/webhook', 'webhook', (call) => takeWebhook(call, settleWebhook))
  app.notFound((call) => respond(call, refusal(404)))
  app.onError((error, call) => {
    const warning = error instanceof StoreError ? 'store-failed' : 'internal'
    emit({ type: 'warning', warning, trackingId: call.get('grant')?.trackingId })
    return respond(call, unavailable())
  })
  return app

  function route(
    method: 'get' | 'post',
    path: string,
    operation: ProxyOperation,
    handle: (call: Call) => Promise<Answer | undefined>,
  ): void {
    app.on([method.toUpperCase()], basePath + path, async (call) => {
      // Hono answers HEAD by GET, which here would consume what is asked for.
      if (call.req.raw.method !== method.toUpperCase())
        return respond(call, refusal(405, { Allow: method.toUpperCase() }))
      call.set('operation', operation)
      return respond(call, isClosing() ? unavailable() : await handle(call))
    })
    app.all(basePath + path, (call) => respond(call, refusal(405, { Allow: method.toUpperCase() })))
  }

  function withGrant(handle: (call: Call, grant: Grant) => Promise<Answer>): (call: Call) => Promise<Answer> {
    return async (call) => {
      const grant = await tokens.verify(call.req.raw.headers.get('authorization'))
      if (!grant) return refusal(401, CHALLENGE)
      call.set('grant', grant)
      // Only now: a stranger behind the same address must not use up what its customers may ask.
      const now = clock.now()
      const wait = perToken.take(grant.jti, now) ?? perAddress.take(addressGroup(address(call)), now)
      if (wait) return tooMany(wait)
      const answer = await handle(call, grant)
      return { ...answer, body: pageBody(answer.body, pageFields) }
    }
  }

  async function postCharge(call: Call, grant: Grant): Promise<Answer> {
    const request = call.req.raw
    if (clock.now() >= grant.chargeUntil) return refusal(401, CHALLENGE)
    if (call.req.param('type') !== grant.type) return refusal(403)
    if (!/^application\/json\s*(;|$)/i.test(request.headers.get('content-type') ?? '')) return refusal(415)
    const bytes = await readBody(request, MOST_BYTES, clock).catch(() => new Uint8Array())
    if (!bytes) return refusal(413)
    const json = parseJson(bytes)
    if (!isFields(json) || !isFields(json.request)) return refusal(400)
    if (Object.keys(json).length !== 1) return refusal(403)
    const bound = bindRequest(grant, withoutAddress(json.request), cards)
    if (typeof bound === 'number') return refusal(bound)
    const fingerprints = await fingerprintsOf(bound, keyring)
    return submit({
      grant,
      request: bound,
      address: address(call),
      fingerprints,
      countSubmit: () => submitsPerAddress.take(addressGroup(address(call)), clock.now()),
      background: (work) => background(call.env.context, work),
    })
  }

  async function readTask(call: Call, grant: Grant, operation: 'status' | 'result'): Promise<Answer> {
    const id = idOf(call)
    if (!id) return refusal(404)
    call.set('requestId', id)
    const order = await orderKey(intentOf(grant), gateway)
    return reader.read(id, order, operation, (work) => background(call.env.context, work))
  }

  async function lookUpUid(call: Call, grant: Grant): Promise<Answer> {
    const uid = idOf(call)
    return uid ? lookUp.byUid(grant, uid) : refusal(404)
  }

  async function lookUpOrder(call: Call, grant: Grant): Promise<Answer> {
    const path = new URL(call.req.url).pathname.slice(`${basePath}/v2/transactions/tracking_id/`.length)
    return decoded(path) === grant.trackingId ? lookUp.byTrackingId(grant) : refusal(404)
  }

  async function takeWebhook(call: Call, settle: NonNullable<Services['settleWebhook']>): Promise<Answer | undefined> {
    const crowded = perAddress.take(addressGroup(address(call)), clock.now())
    if (crowded) return tooMany(crowded)
    const body = await readBody(call.req.raw, WEBHOOK_BYTES, clock).catch(() => new Uint8Array())
    return body ? settle(call.req.raw.headers, body) : refusal(413)
  }

  /** What every answer has, whoever made it. */
  async function framed(call: Call, next: () => Promise<void>): Promise<void> {
    const startedAt = clock.now()
    await next()
    call.res.headers.set('Cache-Control', 'no-store')
    call.res.headers.set('X-Content-Type-Options', 'nosniff')
    call.res.headers.set('Vary', 'Origin')
    // A page across origins reads no header that a server or an edge adds later.
    if (!call.res.headers.has('Date')) call.res.headers.set('Date', new Date(clock.now()).toUTCString())
    emit({
      type: 'answered',
      operation: call.get('operation') ?? 'none',
      method: /^[A-Z]{1,10}$/.test(call.req.method) ? call.req.method : 'other',
      httpStatus: call.res.status,
      durationMs: clock.now() - startedAt,
      trackingId: call.get('grant')?.trackingId,
      requestId: call.get('requestId'),
    })
  }

  /** A page that is not of the shop gets nothing, a preflight neither. Who sends no origin is no page. */
  async function guardOrigin(call: Call, next: () => Promise<void>): Promise<Response | undefined> {
    const origin = call.req.header('origin')
    if (origin === undefined || origins.includes(origin)) {
      await next()
      return undefined
    }
    emit({ type: 'warning', warning: 'origin-refused', origin: ORIGIN.exec(origin)?.[0] ?? 'no origin' })
    return respond(call, refusal(403))
  }
}

function respond(call: Call, answer: Answer | undefined): Response {
  if (!answer) return call.body(null, 204)
  for (const [name, value] of Object.entries(answer.headers ?? {})) call.header(name, value)
  if (answer.retryAfter) call.header('Retry-After', `${answer.retryAfter}`)
  if (answer.date) call.header('Date', new Date(answer.date).toUTCString())
  return call.json(answer.body, answer.status as 200)
}

/** The id of a task or transaction in the path, if it is one. */
const idOf = (call: Call): string | undefined => {
  const id = call.req.param('id') ?? ''
  return REQUEST_ID.test(id) ? id : undefined
}

const decoded = (path: string): string | undefined => {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

/** The proxy says where the customer is. */
function withoutAddress(request: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { customer } = request
  if (!isFields(customer) || !('ip' in customer)) return request
  const { ip, ...rest } = customer
  return { ...request, customer: rest }
}
