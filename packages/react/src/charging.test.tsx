/** Whatever React does with a component, and the customer with a button: the gateway is charged once. */
import type { Client, PaymentRequest, TransactionTask } from '@async-transaction/core'
import type { SimulatedClock } from '@async-transaction/core/testing'
import {
  act,
  Component,
  type ReactNode,
  StrictMode,
  Suspense,
  startTransition,
  useEffect,
  useState,
  version,
} from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { closePages, openPage } from '../testing/page.ts'
import { cards, createShop, order } from '../testing/shop.ts'
import { type AsyncTransaction, type UseAsyncTransactionOptions, useAsyncTransaction } from './index.ts'
import { createPaymentStore } from './payment-store.ts'

afterEach(closePages)

let hook: AsyncTransaction<'payments'>

function Checkout({
  client,
  request = order(),
  ...options
}: { client: Client; request?: PaymentRequest } & Partial<UseAsyncTransactionOptions<'payments'>>) {
  const payment = useAsyncTransaction(client, { type: 'payments', ...options })
  hook = payment
  return (
    <button type="button" onClick={() => payment.submit(request)}>
      {payment.transaction?.status ?? payment.status}
    </button>
  )
}

/** Until a payment has ended, also one that the gateway forgot: its lookups take ten seconds. */
const settle = (clock: SimulatedClock) => act(() => clock.advance(30_000))

describe('one payment, one charge', () => {
  it('runs on the React that the project is named for', ({ task }) => {
    expect(version.split('.')[0]).toBe(task.file.projectName === 'react-18' ? '18' : '19')
  })

  it('a payment is shown from its submission to its result', async () => {
    const { client, clock, sandbox } = createShop()
    const page = await openPage(<Checkout client={client} />)
    expect(page.text()).toBe('idle')
    expect(hook).toMatchObject({ isPending: false, task: undefined, transaction: undefined, error: undefined })
    await page.click()
    await act(() => clock.advance(100))
    expect(page.text()).toBe('processing')
    expect(hook).toMatchObject({ isPending: true, state: { status: 'processing' } })
    await settle(clock)
    expect(page.text()).toBe('successful')
    expect(hook).toMatchObject({ status: 'result', isPending: false, transaction: { tracking_id: 'order-17' } })
    expect(sandbox.charges('order-17')).toBe(1)
  })

  it('StrictMode neither submits by itself nor twice', async () => {
    const { client, clock, sandbox, requests } = createShop()
    const page = await openPage(
      <StrictMode>
        <Checkout client={client} recover />
      </StrictMode>,
    )
    await settle(clock)
    expect(requests('submit')).toBe(0)
    await page.click()
    await settle(clock)
    expect(page.text()).toBe('successful')
    expect(sandbox.charges()).toBe(1)
    expect(requests('submit')).toBe(1)
  })

  it('a double click is one payment, and gets one task', async () => {
    const { client, clock, sandbox, requests } = createShop()
    const page = await openPage(<Checkout client={client} />)
    await page.click('button', 2)
    let tasks: TransactionTask[] = []
    await act(async () => {
      tasks = [hook.submit(order()), hook.submit(order({ tracking_id: 'order-18' }))]
    })
    expect(new Set([...tasks, hook.task]).size).toBe(1)
    await settle(clock)
    expect(sandbox.charges()).toBe(1)
    expect(requests('submit')).toBe(1)
  })

  it('leaving and coming back in one commit does not interrupt the asking', async () => {
    const { client, clock } = createShop()
    const store = createPaymentStore()
    const leave = store.subscribe(() => {})
    const task = store.submit(client, 'payments', order(), undefined)
    await clock.advance(100)
    const subscribed = vi.spyOn(task, 'subscribe')
    leave()
    const leaveAgain = store.subscribe(() => {})
    await clock.advance(0)
    expect(subscribed).not.toHaveBeenCalled()
    expect(clock.pending).toBe(2) // the next question, and the gateway's own work
    leaveAgain()
    await clock.advance(0)
    expect(clock.pending).toBe(1)
  })

  it('unmounting stops the asking and not the payment; mounting again charges nothing', async () => {
    const { client, clock, sandbox, requests } = createShop()
    const page = await openPage(<Checkout client={client} />)
    await page.click()
    await act(() => clock.advance(100))
    await page.render(null)
    expect(clock.pending).toBe(1) // the gateway's own work
    await settle(clock)
    expect(clock.pending).toBe(0)
    expect(sandbox.charges()).toBe(1)
    await page.render(<Checkout client={client} />)
    await settle(clock)
    expect(page.text()).toBe('idle')
    await page.click()
    await settle(clock)
    expect(page.text()).toBe('successful')
    expect(sandbox.charges()).toBe(1)
    expect(requests('submit')).toBe(1)
  })

  it('another key is another payment, which charges when it is submitted', async () => {
    const { client, clock, sandbox } = createShop()
    const page = await openPage(<Checkout client={client} key="17" />)
    await page.click()
    await act(() => clock.advance(100))
    await page.render(<Checkout client={client} key="18" request={order({ tracking_id: 'order-18' })} />)
    await settle(clock)
    expect(page.text()).toBe('idle')
    expect(sandbox.charges()).toBe(1)
    await page.click()
    await settle(clock)
    expect([sandbox.charges('order-17'), sandbox.charges('order-18')]).toEqual([1, 1])
  })

  it('another client, or a client made in every render, does not lose the payment', async () => {
    const { reload, clock, sandbox, requests } = createShop()
    const Careless = () => <Checkout client={reload()} recover />
    const page = await openPage(<Careless />)
    await page.click()
    await act(() => clock.advance(100))
    await page.click()
    await settle(clock)
    expect(page.text()).toBe('successful')
    expect(sandbox.charges()).toBe(1)
    expect(requests('submit')).toBe(1)
  })

  it('an effect that submits, as none should, charges once under StrictMode', async () => {
    const { client, clock, sandbox, requests } = createShop()
    function PaysInAnEffect() {
      const { submit, status } = useAsyncTransaction(client, { type: 'payments' })
      useEffect(() => {
        submit(order())
      }, [submit])
      return status
    }
    await openPage(
      <StrictMode>
        <PaysInAnEffect />
      </StrictMode>,
    )
    await settle(clock)
    expect(sandbox.charges()).toBe(1)
    expect(requests('submit')).toBe(1)
  })
})

describe('concurrent rendering', () => {
  it('renders that are thrown away charge nothing, and lose nothing', async () => {
    const { client, clock, sandbox, requests } = createShop()
    let wake = (): void => {}
    const gate = new Promise<void>((resolve) => {
      wake = resolve
    })
    let open = false
    let go: (what: string) => void = () => {}
    function Receipt() {
      if (!open) throw gate
      return 'receipt'
    }
    function Shop() {
      const [what, setWhat] = useState('cart')
      go = setWhat
      return (
        <Suspense fallback="loading">
          <Checkout client={client} />
          {what === 'receipt' && <Receipt />}
        </Suspense>
      )
    }
    const page = await openPage(<Shop />)
    await act(async () => startTransition(() => go('receipt')))
    expect(page.text()).toBe('idle')
    await act(async () => {
      startTransition(() => {
        go('receipt')
        hook.submit(order())
      })
    })
    // What the store knows is shown although the transition waits.
    await act(() => clock.advance(100))
    expect(page.text()).toBe('processing')
    await settle(clock)
    expect(page.text()).toBe('successful')
    open = true
    await act(async () => wake())
    expect(page.text()).toBe('successfulreceipt')
    expect(sandbox.charges()).toBe(1)
    expect(requests('submit')).toBe(1)
  })

  it('a component that suspends before and after it pays charges once', async () => {
    const { client, clock, sandbox, requests } = createShop()
    let wake = (): void => {}
    const wait = () =>
      new Promise<void>((resolve) => {
        wake = resolve
      })
    let block: Promise<void> | undefined = wait()
    function Suspending() {
      const payment = useAsyncTransaction(client, { type: 'payments' })
      hook = payment
      if (block) throw block
      return payment.transaction?.status ?? payment.status
    }
    const Shop = () => (
      <Suspense fallback="loading">
        <Suspending />
      </Suspense>
    )
    const page = await openPage(<Shop />)
    expect(page.text()).toBe('loading')
    block = undefined
    await act(async () => wake())
    expect(page.text()).toBe('idle')
    await act(async () => hook.submit(order()))
    block = wait()
    await settle(clock)
    expect(page.text()).toContain('loading')
    block = undefined
    await act(async () => wake())
    expect(page.text()).toBe('successful')
    expect(sandbox.charges()).toBe(1)
    expect(requests('submit')).toBe(1)
  })
})

describe('submit, once more', () => {
  const pay = async (clock: SimulatedClock, request = order()): Promise<void> => {
    await act(async () => hook.submit(request))
    await settle(clock)
  }

  it('after a decline it is a new payment', async () => {
    const { client, clock, sandbox } = createShop()
    const page = await openPage(<Checkout client={client} />)
    await pay(clock, order({}, cards.declined))
    expect(page.text()).toBe('failed')
    await pay(clock)
    expect(page.text()).toBe('successful')
    expect(sandbox.transactions('order-17').map(({ status }) => status)).toEqual(['failed', 'successful'])
  })

  it('after an error without effect it is a new payment', async () => {
    const { client, clock, sandbox } = createShop()
    await openPage(<Checkout client={client} />)
    sandbox.fault({ on: 'submit', kind: 'http', status: 422, body: { response: { message: 'No' } } })
    await pay(clock)
    expect(hook).toMatchObject({
      status: 'error',
      isPending: false,
      error: { code: 'submit-rejected', effect: 'none' },
    })
    await pay(clock)
    expect(hook).toMatchObject({ status: 'result' })
    expect(sandbox.charges()).toBe(1)
  })

  it('after a lost answer it asks for the same payment under the same key', async () => {
    const { client, clock, sandbox, requests } = createShop()
    const page = await openPage(<Checkout client={client} />)
    sandbox.fault({ on: 'submit', kind: 'drop-after', times: 3 })
    sandbox.fault({ on: 'lookup', kind: 'html', times: Number.POSITIVE_INFINITY })
    await act(async () => hook.submit(order()))
    await act(() => clock.advance(600_000))
    expect(hook).toMatchObject({ status: 'error', error: { code: 'submit-lost', effect: 'unknown' } })
    const first = hook.task
    await page.click()
    await settle(clock)
    expect(hook).toMatchObject({ status: 'result', transaction: { status: 'successful' } })
    expect(hook.task).not.toBe(first)
    expect(hook.task?.requestKey).toBe(first?.requestKey)
    expect(requests('submit')).toBe(4)
    expect(sandbox.charges()).toBe(1)
  })

  it.each([
    ['the gateway forgot the task', 'unknown', { kind: 'forget' }],
    ['the task blew up', 'error', { kind: 'error', charged: true }],
  ] as const)('after %s it is held until reset()', async (_, status, fault) => {
    const { client, clock, sandbox, requests } = createShop()
    await openPage(<Checkout client={client} />)
    sandbox.fault({ on: 'submit', ...fault })
    sandbox.fault({ on: 'lookup', kind: 'http', status: 500, times: 5 })
    await pay(clock)
    expect(hook.status).toBe(status)
    const { task } = hook
    await pay(clock)
    await pay(clock, order({ tracking_id: 'order-17-again' }))
    expect(hook.task).toBe(task)
    expect(requests('submit')).toBe(1)
    await act(async () => hook.reset())
    expect(hook).toMatchObject({ status: 'idle', task: undefined })
    await pay(clock)
    expect(hook).toMatchObject({ status: 'result' })
    expect(requests('submit')).toBe(2)
    expect(sandbox.charges()).toBe(status === 'unknown' ? 1 : 2)
  })

  it('once it is paid, only another order, or reset(), makes another payment', async () => {
    const { client, clock, sandbox } = createShop()
    await openPage(<Checkout client={client} />)
    await pay(clock)
    await pay(clock)
    expect(sandbox.charges('order-17')).toBe(1)
    await pay(clock, order({ tracking_id: 'order-18' }))
    expect(hook.transaction).toMatchObject({ status: 'successful', tracking_id: 'order-18' })
    await pay(clock)
    expect(hook.transaction).toMatchObject({ tracking_id: 'order-17' })
    expect([sandbox.charges('order-17'), sandbox.charges('order-18')]).toEqual([1, 1])
    await act(async () => hook.reset())
    await pay(clock)
    expect([sandbox.charges('order-17'), sandbox.charges('order-18')]).toEqual([2, 1])
  })

  it('a decline does not hide what else was paid', async () => {
    const { client, clock, sandbox } = createShop()
    await openPage(<Checkout client={client} />)
    await pay(clock, order({ tracking_id: 'order-18' }))
    await pay(clock, order({}, cards.declined))
    expect(hook.transaction).toMatchObject({ status: 'failed', tracking_id: 'order-17' })
    await pay(clock, order({ tracking_id: 'order-18' }))
    expect(hook.transaction).toMatchObject({ status: 'successful', tracking_id: 'order-18' })
    expect(sandbox.charges('order-18')).toBe(1)
  })

  it('two components that show one decline retry once', async () => {
    const { client, clock, sandbox } = createShop()
    let left: AsyncTransaction<'payments'> = hook
    const Left = () => {
      left = useAsyncTransaction(client, { type: 'payments' })
      return left.transaction?.status
    }
    const page = await openPage(
      <>
        <Left />
        <Checkout client={client} />
      </>,
    )
    await act(async () => [left, hook].map(({ submit }) => submit(order({}, cards.declined))))
    await settle(clock)
    expect(page.text()).toBe('failedfailed')
    await act(async () => [left, hook].map(({ submit }) => submit(order())))
    expect(left.task).toBe(hook.task)
    await settle(clock)
    expect(page.text()).toBe('successfulsuccessful')
    expect(sandbox.transactions('order-17').map(({ status }) => status)).toEqual(['failed', 'successful'])
  })

  it('another order is never sent under the key of a lost one', async () => {
    const { client, clock, sandbox, requests } = createShop()
    await openPage(<Checkout client={client} />)
    sandbox.fault({ on: 'submit', kind: 'drop-after', times: 3 })
    sandbox.fault({ on: 'lookup', kind: 'html', times: 5 })
    await act(async () => hook.submit(order()))
    await act(() => clock.advance(600_000))
    expect(hook.error).toMatchObject({ code: 'submit-lost' })
    const { task } = hook
    await pay(clock, order({ tracking_id: 'order-18', amount: 999 }))
    expect(hook.task).toBe(task)
    expect(requests('submit')).toBe(3)
    await pay(clock)
    expect(hook.transaction).toMatchObject({ status: 'successful', tracking_id: 'order-17' })
    expect(sandbox.charges()).toBe(1)
  })

  it('another type after a paid payment is another payment', async () => {
    const { client, clock } = createShop()
    const page = await openPage(<Checkout client={client} />)
    await pay(clock)
    await page.render(<Checkout client={client} type={'authorizations' as 'payments'} />)
    await pay(clock)
    expect(hook.transaction).toMatchObject({ status: 'successful', type: 'authorization' })
  })

  it('the same request without a tracking id is the same payment, whichever component submits it', async () => {
    const { client, clock, sandbox } = createShop()
    const request = order({ tracking_id: undefined })
    const page = await openPage(<Checkout client={client} request={request} />)
    await page.click()
    await settle(clock)
    await page.render(null)
    await page.render(<Checkout client={client} request={request} />)
    await page.click()
    await settle(clock)
    expect(page.text()).toBe('successful')
    expect(sandbox.charges()).toBe(1)
  })

  it('reset() forgets the payment with the client that it was made by', async () => {
    const { client, reload, clock, sandbox } = createShop()
    const page = await openPage(<Checkout client={client} />)
    await pay(clock)
    // Another client gets the task that is shown, and remembers nothing.
    await page.render(<Checkout client={reload()} />)
    await pay(clock)
    await page.render(<Checkout client={client} />)
    await act(async () => hook.reset())
    await pay(clock)
    expect(sandbox.charges()).toBe(2)
  })

  it('reset() under way hides the payment, and does not let it be charged again', async () => {
    const { client, clock, sandbox } = createShop()
    const page = await openPage(<Checkout client={client} />)
    await page.click()
    await act(() => clock.advance(100))
    await act(async () => hook.reset())
    expect(page.text()).toBe('idle')
    await page.click()
    await settle(clock)
    expect(page.text()).toBe('successful')
    expect(sandbox.charges()).toBe(1)
  })

  it('a request that breaks a rule throws, and sends nothing', async () => {
    const { client, sandbox } = createShop()
    await openPage(<Checkout client={client} />)
    expect(() => hook.submit(order({ amount: 1.5 }))).toThrow('amount must be')
    expect(hook.status).toBe('idle')
    expect(sandbox.requests()).toEqual([])
  })

  it('submit, resume, lookup and reset are the same functions in every render', async () => {
    const { client, clock } = createShop()
    await openPage(<Checkout client={client} />)
    const { submit, resume, lookup, reset } = hook
    await pay(clock)
    expect(hook).toMatchObject({ status: 'result' })
    expect([hook.submit, hook.resume, hook.lookup, hook.reset]).toEqual([submit, resume, lookup, reset])
  })

  it('lookup() shows what came of an unknown payment', async () => {
    const { client, clock, sandbox } = createShop()
    const page = await openPage(<Checkout client={client} />)
    sandbox.fault({ on: 'submit', kind: 'forget', charged: true })
    const unforget = sandbox.fault({ on: 'lookup', kind: 'http', status: 200, body: { transactions: [] }, times: 9 })
    await pay(clock)
    expect(page.text()).toBe('unknown')
    unforget()
    await act(() => hook.lookup())
    expect(page.text()).toBe('successful')
    expect(sandbox.charges()).toBe(1)
  })
})

describe.each([
  ['an unknown payment', 'unknown', 'forget'],
  ['an error that the gateway returned once', 'error', 'error'],
] as const)('%s of which the result is found late', (_, status, kind) => {
  async function inDoubt(render: (client: Client) => ReactNode) {
    const shop = createShop()
    const { client, clock, sandbox } = shop
    sandbox.fault({ on: 'submit', kind, charged: true })
    sandbox.fault({ on: 'lookup', kind: 'http', status: 500, times: 5 })
    const page = await openPage(render(client))
    await act(async () => hook.submit(order()))
    await settle(clock)
    expect(page.text()).toBe(status)
    return { ...shop, page }
  }

  it.each([
    ['task.lookup()', () => hook.task?.lookup()],
    ['lookup() of one of them', () => hook.lookup()],
  ])('is shown by all components of the task: %s', async (_, ask) => {
    const Both = ({ client }: { client: Client }) => {
      const other = useAsyncTransaction(client, { type: 'payments' })
      useEffect(() => {
        if (hook.task && !other.task) other.submit(order())
      })
      return (
        <>
          {other.transaction?.status ?? other.status}
          <Checkout client={client} />
        </>
      )
    }
    const { page, clock, client, sandbox } = await inDoubt((client) => <Checkout client={client} />)
    await page.render(<Both client={client} />)
    await page.click()
    await page.render(<Both client={client} />)
    expect(page.text()).toBe(`${status}${status}`)
    await act(async () => {
      void ask()
      await clock.advance(1000)
    })
    expect(page.text()).toBe('successfulsuccessful')
    expect(sandbox.charges()).toBe(1)
  })

  it('does not notify a component that is gone', async () => {
    const { page, clock } = await inDoubt((client) => <Checkout client={client} />)
    const { task } = hook
    await page.close()
    await clock.until(task?.lookup() as Promise<unknown>)
    expect(hook.status).toBe(status)
    expect(clock.pending).toBe(0)
  })
})

describe('error boundaries', () => {
  class Boundary extends Component<{ children: ReactNode }, { error?: Error }> {
    override state: { error?: Error } = {}
    static getDerivedStateFromError = (error: Error) => ({ error })
    override render = () => (this.state.error ? `caught: ${this.state.error.message}` : this.props.children)
  }

  it.each([
    [true, /^caught: We're sorry/],
    [false, /^error$/],
  ])('with throwOnError: %s', async (throwOnError, text) => {
    const { client, clock, sandbox } = createShop()
    const silent = vi.spyOn(console, 'error').mockImplementation(() => {})
    const Shop = (props: { attempt: number }) => (
      <Boundary key={props.attempt}>
        <Checkout client={client} throwOnError={throwOnError} />
      </Boundary>
    )
    const page = await openPage(<Shop attempt={1} />)
    sandbox.fault({ on: 'submit', kind: 'error', charged: true })
    sandbox.fault({ on: 'lookup', kind: 'http', status: 500, times: 5 })
    await page.click()
    await settle(clock)
    expect(page.text()).toMatch(text)
    // The boundary was reset: nobody knows that the payment failed, so that it is not made again.
    await page.render(<Shop attempt={2} />)
    await page.click()
    await settle(clock)
    expect(page.text()).toMatch(text)
    expect(sandbox.charges()).toBe(1)
    silent.mockRestore()
  })
})
