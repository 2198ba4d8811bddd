/** Errors: their shape, and what no printing of them shows. */
import type { AnyTransactionError, TransactionErrorCode } from '@async-transaction/core'
import { type Cases, ended } from './cases.ts'
import { expect, expectSame, rejection, thrown } from './expect.ts'
import { expectNoSecret, type Order, type Shop } from './shop.ts'

interface Inspecting {
  readonly Deno?: { inspect(value: unknown, options: object): string }
  readonly Bun?: { inspect(value: unknown, options: object): string }
  readonly process?: {
    getBuiltinModule?(name: string): { inspect(value: unknown, options: object): string } | undefined
  }
}

/** All that a log could show of a value: as text, as JSON, by the runtime's own inspection, and property by property. */
function printings(value: unknown): string {
  const { Deno, Bun, process } = globalThis as Inspecting
  const options = { depth: 20, showHidden: true }
  const seen = new Set<unknown>()
  const walk = (each: unknown): string => {
    if (typeof each !== 'object' || each === null) return String(each)
    if (seen.has(each)) return ''
    seen.add(each)
    return Reflect.ownKeys(each)
      .map((key) => `${String(key)}: ${walk((each as Record<PropertyKey, unknown>)[key])}`)
      .join('\n')
  }
  return [
    String(value),
    JSON.stringify(value),
    walk(value),
    (value as Error).stack,
    Deno?.inspect(value, options),
    Bun?.inspect(value, options),
    process?.getBuiltinModule?.('node:util')?.inspect(value, options),
  ].join('\n')
}

const failures: Readonly<Record<string, (shop: Shop, order: Order) => Promise<unknown>>> = {
  async config(shop) {
    return thrown(() => shop.client({ baseUrl: 'https://user:the-key-of-the-shop@gateway.test' }))
  },
  async 'request-invalid'(shop, order) {
    return thrown(() => shop.client().submit('payments', { ...order, amount: 32.45 }))
  },
  async 'submit-rejected'(shop, order) {
    // In the gateway's own words, which name the card.
    const body = JSON.stringify({
      message: `The number ${order.credit_card?.number} is not valid`,
      errors: { credit_card: { number: ['is invalid'] } },
    })
    await shop.fault(order, { on: 'submit', kind: 'http', status: 422, body })
    return rejection(shop.client().submit('payments', order).result())
  },
  async 'submit-lost'(shop, order) {
    await shop.fault(order, { on: 'submit', kind: 'html', times: 100 })
    return rejection(shop.client().submit('payments', order).result())
  },
  async 'gateway-error'(shop, order) {
    await shop.fault(order, { on: 'submit', kind: 'error' })
    return rejection(shop.client().submit('payments', order).result())
  },
  async unauthorized(shop, order) {
    const auth = shop.core.basicAuth({ shopId: 'shop-361', secretKey: 'not-the-key-of-the-shop' })
    return rejection(shop.client({ auth }).submit('payments', order).result())
  },
  async stopped(shop, order) {
    const task = shop.client().submit('payments', order)
    const result = rejection(task.result())
    task.stop()
    return result
  },
  async 'unknown-outcome'(shop, order) {
    await shop.fault(order, { on: 'submit', kind: 'error' })
    const task = shop.client({ pollTimeoutMs: 300, schedule: () => 400 }).submit('payments', order)
    await shop.fault(order, { on: 'status', kind: 'truncate' })
    return rejection(task.result())
  },
}

const untouched: readonly string[] = ['config', 'request-invalid', 'submit-rejected', 'unauthorized']

const shaped = ([code, fail]: [string, (typeof failures)[string]]): Cases => ({
  async [`the error ${code} has its shape, and shows no secret`](shop) {
    const order = shop.order()
    const error = await fail(shop, order)
    expect(error instanceof Error && shop.core.isTransactionError(error), `it is a TransactionError: ${error}`)
    expectSame((error as AnyTransactionError).code, code as TransactionErrorCode)
    expect(error.message.length > 0, 'it has a message')
    if (code !== 'stopped') expectSame(error.effect, untouched.includes(code) ? 'none' : 'unknown')
    if (error.code === 'submit-rejected')
      expectSame([error.httpStatus, error.fieldErrors], [422, { 'credit_card.number': ['is invalid'] }])
    if (!['config', 'request-invalid'].includes(code)) expectSame(error.trackingId, order.tracking_id)
    expectNoSecret(printings(error), order)
  },
})

export const errors: Cases = {
  ...Object.assign({}, ...Object.entries(failures).map(shaped)),

  async 'a token that is refused is unauthorized, and nobody is asked for a password'(shop) {
    const order = shop.order()
    const headers = { 'www-authenticate': 'Bearer' }
    await shop.fault(order, { on: 'submit', kind: 'http', status: 401, headers, body: '{"message":"Unauthorized"}' })
    const outcome = await shop.client().submit('payments', order).outcome()
    expectSame([ended(outcome), outcome.status === 'error' && outcome.error.effect], ['error unauthorized', 'none'])
  },
}
