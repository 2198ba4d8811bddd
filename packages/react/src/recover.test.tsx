/** A payment survives its page: a reload, the customer's bank, a server that renders first. */

import { Writable } from 'node:stream'
import { type Client, memoryJournal, type TransactionTask } from '@async-transaction/core'
import { act, StrictMode } from 'react'
import { renderToPipeableStream } from 'react-dom/server'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { closePages, openPage } from '../testing/page.ts'
import { cards, createShop, order } from '../testing/shop.ts'
import { type AsyncTransaction, type UseAsyncTransactionOptions, useAsyncTransaction } from './index.ts'

afterEach(closePages)

let hook: AsyncTransaction<'payments'>

interface CheckoutProps {
  client: Client
  recover?: UseAsyncTransactionOptions<'payments'>['recover']
  card?: string
  trackingId?: string
}

function Checkout({ client, recover, card, trackingId = 'order-17' }: CheckoutProps) {
  const payment = useAsyncTransaction(client, { type: 'payments', recover })
  hook = payment
  const request = order({ tracking_id: trackingId }, card)
  return (
    <button type="button" disabled={payment.isPending} onClick={() => payment.submit(request)}>
      {payment.transaction?.status ?? payment.status}
    </button>
  )
}

describe('after a reload', () => {
  it.each([0, 100, 3000, 6000, 20_000])('%i ms into a payment, it is picked up and not charged again', async (ms) => {
    const { client, reload, clock, sandbox, requests } = createShop()
    const before = await openPage(<Checkout client={client} />)
    await before.click()
    await act(() => clock.advance(ms))
    await before.close()
    const page = await openPage(<Checkout client={reload()} recover="order-17" />)
    expect(page.text()).not.toBe('idle')
    await act(() => clock.advance(30_000))
    expect(page.text()).toBe('successful')
    expect(sandbox.charges()).toBe(1)
    expect(requests('submit')).toBe(1)
  })

  it('the button is disabled until the journal was read, once', async () => {
    let answer = (_: string[]): void => {}
    const keys = new Promise<string[]>((resolve) => {
      answer = resolve
    })
    const journal = { getItem: () => null, setItem() {}, removeItem() {}, getKeys: vi.fn(() => keys) }
    const { reload } = createShop({ journal })
    // Made in every render, as it should not be.
    const Shop = () => <Checkout client={reload()} recover />
    await openPage(
      <StrictMode>
        <Shop />
      </StrictMode>,
    )
    expect(hook).toMatchObject({ status: 'idle', isPending: true })
    await act(async () => answer([]))
    expect(hook).toMatchObject({ status: 'idle', isPending: false })
    expect(journal.getKeys).toHaveBeenCalledOnce()
  })

  it('`true` leaves paid orders and other types alone; a tracking id finds its order', async () => {
    const { client, reload, clock } = createShop()
    const before = await openPage(<Checkout client={client} />)
    await before.click()
    client.submit('refunds', { parent_uid: 'x', amount: 1, reason: 'x', tracking_id: 'refund-1' })
    await act(() => clock.advance(20_000))
    await before.close()
    const any = await openPage(<Checkout client={reload()} recover />)
    expect(any.text()).toBe('idle')
    const other = await openPage(<Checkout client={reload()} recover="order-18" />)
    expect(other.text()).toBe('idle')
    for (const recover of ['order-17', { trackingId: 'order-17' }]) {
      const same = await openPage(<Checkout client={reload()} recover={recover} />)
      expect(same.text()).toBe('successful')
    }
  })

  it('a journal that is read for one order keeps the others from being charged again', async () => {
    const { client, reload, clock, sandbox } = createShop()
    const other = { tracking_id: 'order-18' }
    await clock.until(client.submit('payments', order(other)).accepted())
    const page = await openPage(
      <Checkout client={reload()} recover={{ trackingId: 'order-17' }} trackingId="order-18" />,
    )
    expect(page.text()).toBe('idle')
    await page.click()
    await act(() => clock.advance(20_000))
    expect(page.text()).toBe('successful')
    expect(sandbox.charges('order-18')).toBe(1)
  })

  it('an order that was paid after a decline shows as paid', async () => {
    const { client, reload, clock } = createShop()
    const before = await openPage(<Checkout client={client} />)
    for (const card of [cards.declined, cards.succeeds]) {
      await act(async () => hook.submit(order({}, card)))
      await act(() => clock.advance(20_000))
    }
    await before.close()
    const page = await openPage(<Checkout client={reload()} recover="order-17" />)
    expect(page.text()).toBe('successful')
  })

  it('an order that was paid shows as paid, whatever its other tries say, and is not charged again', async () => {
    const { client, reload, clock, sandbox } = createShop()
    // Keys of the journal are in the order of these.
    const pay = async (requestKey: string, card?: string) => {
      const task = client.submit('payments', order({}, card), { requestKey })
      return (await clock.until(task.outcome())).status
    }
    await pay('1-paid')
    sandbox.fault({ on: 'submit', kind: 'forget' })
    sandbox.fault({ on: 'lookup', kind: 'http', status: 200, body: { transactions: [] }, times: 5 })
    expect(await pay('2-unknown')).toBe('unknown')
    await pay('3-declined', cards.declined)
    // With `true` it is not shown: nothing is in doubt about an order that is paid.
    for (const [recover, text] of [
      ['order-17', 'successful'],
      [true, 'idle'],
    ] as const) {
      const page = await openPage(<Checkout client={reload()} recover={recover} />)
      await act(() => clock.advance(20_000))
      expect(page.text()).toBe(text)
      await page.click()
      await act(() => clock.advance(20_000))
      expect(page.text()).toBe('successful')
    }
    expect(sandbox.charges('order-17')).toBe(2) // with the decline, which reached the bank
  })

  /** A journal of somebody else's making, whose keys come when they are told to. */
  function slowJournal() {
    const journal = memoryJournal()
    let wait: Promise<void> | undefined
    let read = (): void => {}
    return {
      journal: { ...journal, getKeys: () => (wait ? wait.then(() => journal.getKeys()) : journal.getKeys()) },
      hold: () => {
        wait = new Promise((resolve) => {
          read = resolve
        })
      },
      read: () => act(async () => read()),
    }
  }

  it('`recover` may be given later: until the journal was read nothing is sent', async () => {
    const { journal, hold, read } = slowJournal()
    const { client, reload, clock, sandbox, requests } = createShop({ journal })
    const handle = await clock.until(client.submit('payments', order()).accepted())
    hold()
    const again = reload()
    const page = await openPage(<Checkout client={again} />)
    expect(hook.isPending).toBe(false)
    await page.render(<Checkout client={again} recover="order-17" />)
    expect(hook).toMatchObject({ status: 'idle', isPending: true })
    const refused = hook.submit(order()).getSnapshot()
    expect(refused).toMatchObject({ status: 'error', error: { code: 'stopped', effect: 'none' } })
    expect(hook).toMatchObject({ status: 'idle', task: undefined })
    await read()
    expect(hook).toMatchObject({ status: 'processing', task: { requestKey: handle.requestKey } })
    await act(() => clock.advance(20_000))
    await act(async () => hook.submit(order()))
    expect(page.text()).toBe('successful')
    expect(sandbox.charges()).toBe(1)
    expect(requests('submit')).toBe(1)
  })

  it.each([
    ['paid', cards.succeeds],
    ['declined', cards.declined],
  ])('`recover` may change from an order that was %s to one that is under way', async (_, card) => {
    const { client, reload, clock, sandbox } = createShop()
    const first = client.submit('payments', order({}, card))
    await clock.until(first.outcome())
    await clock.until(client.submit('payments', order({ tracking_id: 'order-18' })).accepted())
    const again = reload()
    const page = await openPage(<Checkout client={again} recover="order-17" />)
    expect(hook.transaction).toMatchObject({ tracking_id: 'order-17' })
    await page.render(<Checkout client={again} recover="order-18" trackingId="order-18" />)
    expect(hook).toMatchObject({ status: 'processing', task: { trackingId: 'order-18' } })
    await act(async () => hook.submit(order({ tracking_id: 'order-18' })))
    await act(() => clock.advance(20_000))
    expect(page.text()).toBe('successful')
    expect(sandbox.charges('order-18')).toBe(1)
  })

  it('`recover` may change while a payment is under way, and while the journal is read', async () => {
    const { journal, hold, read } = slowJournal()
    const { client, reload, clock, sandbox } = createShop({ journal })
    for (const tracking_id of ['order-17', 'order-18', 'order-19'])
      await clock.until(client.submit('payments', order({ tracking_id })).accepted())
    const again = reload()
    const page = await openPage(<Checkout client={again} recover="order-17" />)
    hold()
    await page.render(<Checkout client={again} recover="order-18" />)
    await page.render(<Checkout client={again} recover="order-19" />)
    expect(hook).toMatchObject({ isPending: true, task: { trackingId: 'order-17' } })
    await read()
    await act(() => clock.advance(20_000))
    expect(hook).toMatchObject({ isPending: false, transaction: { tracking_id: 'order-17' } })
    for (const tracking_id of ['order-18', 'order-19']) {
      await act(async () => hook.submit(order({ tracking_id })))
      await act(() => clock.advance(20_000))
      expect(hook.transaction).toMatchObject({ status: 'successful', tracking_id })
      expect(sandbox.charges(tracking_id)).toBe(1)
    }
  })

  it.each([
    ['has keys of others', () => [7, 'theirs'] as never],
    ['has no list of keys', () => 7 as never],
    [
      'throws',
      () => {
        throw new Error('closed')
      },
    ],
  ])('a journal that %s stops no payment', async (_, getKeys) => {
    const { client, clock } = createShop({ journal: { ...memoryJournal(), getKeys } })
    const page = await openPage(<Checkout client={client} recover />)
    expect(hook.isPending).toBe(false)
    await page.click()
    await act(() => clock.advance(20_000))
    expect(page.text()).toBe('successful')
  })

  it('resume() shows the task of a handle', async () => {
    const { client, reload, clock, sandbox } = createShop()
    const task = client.submit('payments', order())
    const handle = await clock.until(task.accepted())
    const page = await openPage(<Checkout client={reload()} />)
    await act(async () => hook.resume(handle))
    expect(page.text()).toBe('processing')
    await act(() => clock.advance(20_000))
    expect(page.text()).toBe('successful')
    await page.click()
    expect(sandbox.charges()).toBe(1)
  })
})

describe('two components', () => {
  async function open(client: Client): Promise<AsyncTransaction<'payments'>> {
    await openPage(<Checkout client={client} />)
    return hook
  }

  it('of which one resumes an order and the other submits it show one payment', async () => {
    const { client, reload, clock, sandbox, requests } = createShop()
    const handle = await clock.until(client.submit('payments', order()).accepted())
    const page = reload()
    const [resuming, submitting] = [await open(page), await open(page)]
    await act(async () => resuming.resume(handle))
    await act(async () => submitting.submit(order()))
    await act(() => clock.advance(30_000))
    expect([sandbox.charges(), requests('submit')]).toEqual([1, 1])
  })

  it('of which one submits an order and the other resumes its handle and submits it show one payment', async () => {
    const { client, clock, sandbox, requests } = createShop()
    const [submitting, resuming] = [await open(client), await open(client)]
    let task = submitting.task
    await act(async () => {
      task = submitting.submit(order())
    })
    const handle = structuredClone(await clock.until((task as TransactionTask).accepted()))
    await act(async () => resuming.resume(handle))
    await act(async () => resuming.submit(order()))
    await act(() => clock.advance(30_000))
    expect([sandbox.charges(), requests('submit')]).toEqual([1, 1])
  })
})

describe('a gateway-error', () => {
  it('that a webhook repaired since is shown as paid when it is looked up', async () => {
    const { client, clock, sandbox } = createShop()
    sandbox.fault({ on: 'submit', kind: 'error', charged: true })
    sandbox.fault({ on: 'lookup', kind: 'http', status: 200, body: { transactions: [] }, times: 1 })
    const page = await openPage(<Checkout client={client} />)
    await page.click()
    await act(() => clock.advance(30_000))
    expect(page.text()).toBe('error')
    await act(() => clock.until(hook.lookup()))
    expect(page.text()).toBe('successful')
  })
})

describe('3-D Secure', () => {
  it.each([
    ['confirm', 'successful', 1],
    ['cancel', 'failed', 0],
  ])('after the return from a bank that said %s, it is %s', async (decision, status, charges) => {
    const { client, reload, clock, sandbox, requests } = createShop()
    const before = await openPage(<Checkout client={client} card={cards.threeDSecure} />)
    await before.click()
    await act(() => clock.advance(20_000))
    expect(before.text()).toBe('incomplete')
    await before.click() // it waits for the customer: nothing new
    await before.close()
    const redirect = hook.transaction?.redirect_url as string
    await sandbox.fetch(redirect, { method: 'POST', body: new URLSearchParams({ decision }) })
    const page = await openPage(<Checkout client={reload()} recover />)
    await act(() => clock.advance(0))
    expect(page.text()).toBe(status)
    expect(hook.state).toMatchObject({ status: 'result', via: 'lookup', transaction: { status } })
    expect(sandbox.charges()).toBe(charges)
    expect(requests('submit')).toBe(1)
    await page.click()
    await act(() => clock.advance(20_000))
    expect(page.text()).toBe('successful')
    expect(requests('submit')).toBe(decision === 'confirm' ? 1 : 2)
    expect(sandbox.charges()).toBe(1)
  })
})

describe('following 3-D Secure', () => {
  async function challenged() {
    const shop = createShop()
    const { client, clock, sandbox, requests } = shop
    const page = await openPage(<Checkout client={client} card={cards.threeDSecure} />)
    await page.click()
    await act(() => clock.advance(20_000))
    expect(page.text()).toBe('incomplete')
    const confirm = () =>
      sandbox.fetch(hook.transaction?.redirect_url as string, {
        method: 'POST',
        body: new URLSearchParams({ decision: 'confirm' }),
      })
    return { ...shop, page, confirm, lookups: () => requests('lookup') }
  }

  it("goes by the client's clock", async () => {
    const { page, clock, confirm, lookups } = await challenged()
    const before = lookups()
    await act(() => clock.advance(60_000))
    expect(lookups()).toBeGreaterThan(before)
    await confirm()
    await act(() => clock.advance(60_000))
    expect(page.text()).toBe('successful')
    await page.close()
    expect(clock.pending).toBe(0)
  })

  it('goes on after lookups that fail, whatever with', async () => {
    const { page, clock, sandbox, confirm } = await challenged()
    sandbox.fault({ on: 'lookup', kind: 'http', status: 403, body: { message: 'No' } })
    sandbox.fault({ on: 'lookup', kind: 'http', status: 401 })
    sandbox.fault({ on: 'lookup', kind: 'drop-before' })
    await act(() => clock.advance(60_000))
    await confirm()
    await act(() => clock.advance(120_000))
    expect(page.text()).toBe('successful')
  })

  it('asks at once when told to', async () => {
    const { page, clock, confirm, lookups } = await challenged()
    await act(() => clock.advance(60_000))
    await confirm()
    const before = lookups()
    await act(async () => {
      void hook.lookup()
      await clock.advance(0)
    })
    expect(lookups()).toBe(before + 1)
    expect(page.text()).toBe('successful')
  })

  it('begins when an unknown payment turns out to wait for the customer', async () => {
    const { client, clock, sandbox } = createShop()
    const forgotten = sandbox.fault({ on: 'submit', kind: 'forget', charged: true })
    const unforget = sandbox.fault({ on: 'lookup', kind: 'http', status: 200, body: { transactions: [] }, times: 9 })
    const page = await openPage(<Checkout client={client} card={cards.threeDSecure} />)
    await page.click()
    await act(() => clock.advance(20_000))
    expect(page.text()).toBe('unknown')
    forgotten()
    unforget()
    // Found by its tracking id alone it may be of another try: it counts when a second lookup lists it alone.
    await act(async () => {
      void hook.lookup()
      await clock.advance(1000)
    })
    expect(page.text()).toBe('incomplete')
    const redirect = hook.transaction?.redirect_url as string
    await sandbox.fetch(redirect, { method: 'POST', body: new URLSearchParams({ decision: 'confirm' }) })
    await act(() => clock.advance(60_000))
    expect(page.text()).toBe('successful')
  })
})

describe('rendered on a server', () => {
  const html = (client: Client, recover: boolean): Promise<string> =>
    new Promise((resolve, reject) => {
      let text = ''
      const sink = new Writable({
        write(chunk, _, done) {
          text += chunk
          done()
        },
        final(done) {
          resolve(text)
          done()
        },
      })
      const { pipe } = renderToPipeableStream(<Checkout client={client} recover={recover} />, {
        onError: reject,
        onAllReady: () => pipe(sink),
      })
    })

  it.each([
    [false, '<button type="button">idle</button>'],
    [true, '<button type="button" disabled="">idle</button>'],
  ])(
    'it is idle, is hydrated without a mismatch, and charges from submit alone (recover: %s)',
    async (recover, text) => {
      const error = vi.spyOn(console, 'error')
      const { client, clock, sandbox, requests } = createShop()
      const rendered = await html(client, recover)
      expect(rendered).toBe(text)
      expect(sandbox.requests()).toEqual([])
      const page = await openPage(<Checkout client={client} recover={recover} />, rendered)
      expect(page.html()).toBe('<button type="button">idle</button>')
      await page.click('button', 2)
      await act(() => clock.advance(20_000))
      expect(page.text()).toBe('successful')
      expect(error).not.toHaveBeenCalled()
      expect(sandbox.charges()).toBe(1)
      expect(requests('submit')).toBe(1)
      error.mockRestore()
    },
  )

  it('what was under way is picked up after hydration', async () => {
    const { client, reload, clock, sandbox } = createShop()
    client.submit('payments', order())
    await clock.advance(100)
    const again = reload()
    const page = await openPage(<Checkout client={again} recover />, await html(again, true))
    expect(page.text()).toBe('processing')
    await act(() => clock.advance(20_000))
    expect(page.text()).toBe('successful')
    expect(sandbox.charges()).toBe(1)
  })
})
