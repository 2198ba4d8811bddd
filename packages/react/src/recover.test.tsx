/** A payment survives its page: a reload, the customer's bank, a server that renders first. */

import { Writable } from 'node:stream'
import type { Client } from '@async-transaction/core'
import { act, StrictMode } from 'react'
import { renderToPipeableStream } from 'react-dom/server'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { closePages, openPage } from '../testing/page.ts'
import { cards, createShop, order } from '../testing/shop.ts'
import { type AsyncTransaction, useAsyncTransaction } from './index.ts'

afterEach(closePages)

let hook: AsyncTransaction<'payments'>

function Checkout({ client, recover, card }: { client: Client; recover?: boolean | string; card?: string }) {
  const payment = useAsyncTransaction(client, { type: 'payments', recover })
  hook = payment
  return (
    <button type="button" disabled={payment.isPending} onClick={() => payment.submit(order({}, card))}>
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
    const same = await openPage(<Checkout client={reload()} recover="order-17" />)
    expect(same.text()).toBe('successful')
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
