/**
 * A Worker for the tests of isolates: everything of ours is imported, and a client and a proxy are made, at module scope,
 * where workerd allows no timer, no randomness and no request.
 */
import * as core from '@async-transaction/core'
import * as browser from '@async-transaction/core/browser'
import * as encryption from '@async-transaction/core/encryption'
import * as protocol from '@async-transaction/core/protocol'
import * as testing from '@async-transaction/core/testing'
import * as webhook from '@async-transaction/core/webhook'
import * as proxy from '@async-transaction/proxy'
import * as durableObject from '@async-transaction/proxy/durable-object'
import * as redis from '@async-transaction/proxy/redis'
import * as operators from '@async-transaction/rxjs'
import { credentials } from '../contract/shop.ts'

declare const GATEWAY_URL: string

const modules = { core, browser, encryption, protocol, testing, webhook, proxy, durableObject, redis, operators }

const newClient = (options: Partial<core.ClientOptions> = {}): core.Client =>
  core.createClient({ baseUrl: GATEWAY_URL, auth: core.basicAuth(credentials), schedule: () => 20, ...options })

/** One for all requests of the isolate. */
const shared = newClient()

const tokens = proxy.createTokenProxy({
  gateway: { baseUrl: GATEWAY_URL, ...credentials },
  secret: 'a-secret-of-the-shop-of-32-bytes-or-more',
  origins: ['https://shop.example'],
})

/** A gateway that is always at work, for clients that are asked ten thousand times. */
const atWork = (request: Request): Response =>
  Response.json({ status: 'processing', request_id: request.url.slice(request.url.lastIndexOf('/') + 1) })
const busy = newClient({ fetch: atWork })

interface Asked {
  readonly order: core.PaymentRequest
  readonly handle: core.TaskHandle
}

const routes: Readonly<Record<string, (asked: Asked) => unknown>> = {
  modules: () => Object.entries(modules).map(([name, exported]) => [name, Object.keys(exported).length]),
  globals: () => Reflect.ownKeys(globalThis).map(String),
  issue: () =>
    tokens.issue({
      type: 'payments',
      amount: 1,
      currency: 'KZT',
      trackingId: 'order',
      description: 'Order',
      attempt: 1,
    }),
  async submit({ order }) {
    const task = newClient().submit('payments', order)
    const handle = await task.accepted()
    task.stop()
    return handle
  },
  pay: ({ order }) => newClient().submit('payments', order).outcome(),
  resume: ({ handle }) => newClient().resume(handle).outcome(),
  'check-shared': ({ handle }) => shared.check(handle),
  /** Leaves in the middle of the step: the request ends, and takes along what it had under way. */
  'leave-check': ({ handle }) => void newClient().check(handle),
  'check-busy': ({ handle }) => busy.check(handle),
  'check-busy-own': ({ handle }) => newClient({ fetch: atWork }).check(handle),
}

export default {
  async fetch(request: Request): Promise<Response> {
    const route = routes[new URL(request.url).pathname.slice(1)]
    return Response.json((await route?.((await request.json()) as Asked)) ?? null)
  },
}
