/** A task is an Observable for whoever looks for one, whatever was loaded first. */
import { type Cases, ended } from './cases.ts'
import { expect, expectSame } from './expect.ts'
import type { Shop } from './shop.ts'

type SymbolWithObservable = { observable?: symbol }
type Step = 'core' | 'rxjs' | 'symbol'

const orders: readonly (readonly Step[])[] = [
  ['core', 'rxjs'],
  ['rxjs', 'core'],
  ['symbol', 'core', 'rxjs'],
  ['symbol', 'rxjs', 'core'],
  ['core', 'symbol', 'rxjs'],
  ['rxjs', 'symbol', 'core'],
  ['core', 'rxjs', 'symbol'],
  ['rxjs', 'core', 'symbol'],
]

/**
 * Loads what `order` names, one after the other: `symbol` is whoever defines `Symbol.observable`. That is gone again as soon
 * as `use` waits for something, so that no other case sees it.
 */
function loadedAs<T>(order: readonly Step[], shop: Shop, use: (made: Pick<Shop, 'core' | 'rxjs'>) => Promise<T>) {
  const symbols = Symbol as SymbolWithObservable
  const before = symbols.observable
  const made: Partial<Pick<Shop, 'core' | 'rxjs'>> = {}
  try {
    delete symbols.observable
    for (const step of order)
      if (step === 'symbol')
        Object.defineProperty(Symbol, 'observable', { value: Symbol('observable'), configurable: true })
      else Object.assign(made, { [step]: shop.fresh[step]() })
    return use(made as Pick<Shop, 'core' | 'rxjs'>)
  } finally {
    delete symbols.observable
    if (before) symbols.observable = before
  }
}

const loadOrder = (order: readonly Step[]): Cases => ({
  async [`rxjs takes a task when the order is ${order.join(', ')}`](shop) {
    await loadedAs(order, shop, async ({ core, rxjs }) => {
      const client = core.createClient({
        baseUrl: shop.gatewayUrl,
        auth: core.bearerAuth('token'),
        schedule: () => 10,
        fetch: (request: Request) => {
          const requestId = '7d1f1c0e-7b0c-4c8e-9d0f-3a4b5c6d7e8f'
          return new Response(
            JSON.stringify(
              request.method === 'POST' || request.url.includes('/status/')
                ? { status: request.method === 'POST' ? 'processing' : 'completed', request_id: requestId }
                : { transaction: { uid: 'u-1', status: 'successful', type: 'payment' } },
            ),
          )
        },
      })
      const task = client.submit('payments', shop.order())
      const { observable } = Symbol as SymbolWithObservable
      expect(!observable || observable in task, 'a task has the symbol that there is')
      const seen = await rxjs.lastValueFrom(rxjs.from(task as never).pipe(rxjs.toArray()))
      expectSame(
        (seen as { status: string }[]).map(({ status }) => status),
        ['processing', 'completed', 'result'],
      )
    })
  },
})

interface NativeObservable {
  from(source: unknown): { subscribe(observer: object): void }
}

export const interop: Cases = {
  ...orders.map(loadOrder).reduce((all, each) => Object.assign(all, each), {}),

  async 'the operators work on a real task'(shop) {
    const order = shop.order()
    const { rxjs, operators } = shop
    const paid = rxjs.of(order).pipe(operators.submitTransaction(shop.client(), 'payments'), operators.toTransaction())
    expectSame((await rxjs.lastValueFrom(paid)).status, 'successful')
    expectSame(await shop.charges(order), 1)
  },

  async 'nothing of the platform is polyfilled, and a task is not thenable'(shop) {
    const before = Object.getOwnPropertyNames(Symbol)
    const task = shop.fresh.core().createClient({ baseUrl: shop.gatewayUrl, auth: shop.core.bearerAuth('t') })
    expectSame(Object.getOwnPropertyNames(Symbol), before)
    expect(!('then' in task), 'a client is not thenable')
    const real = shop.client().submit('payments', shop.order())
    expect(!('then' in real), 'a task is not thenable')
    expect(typeof real[Symbol.asyncIterator] === 'function', 'it is an async iterable')
    expect((real as unknown as Record<string, () => unknown>)['@@observable']?.() === real, 'it is an Observable')
    await real.outcome()
  },

  async "the platform's own Observable takes a task"(shop) {
    const { Observable } = globalThis as { Observable?: NativeObservable }
    expect(Observable, 'there is no Observable')
    const task = shop.client().submit('payments', shop.order())
    const seen: string[] = []
    await new Promise<void>((complete, error) =>
      Observable.from(task).subscribe({ next: ({ status }: { status: string }) => seen.push(status), complete, error }),
    )
    expectSame(seen.at(-1), 'result')
    expectSame(ended(await task.outcome()), 'result successful')
  },
}
