/** A checkout in a part of the page that is hidden and shown again, as a tab or a route that is kept. */
import type { Client } from '@async-transaction/core'
import { Activity, act } from 'react'
import { afterEach, expect, it } from 'vitest'
import { closePages, openPage, type Page } from '../testing/page.ts'
import { createShop, order, type Shop } from '../testing/shop.ts'
import { type AsyncTransaction, useAsyncTransaction } from './index.ts'

afterEach(closePages)

let hook: AsyncTransaction<'payments'>

function Checkout({ client }: { client: Client }) {
  hook = useAsyncTransaction(client, { type: 'payments', recover: 'order-17' })
  return (
    <button type="button" disabled={hook.isPending} onClick={() => hook.submit(order())}>
      {hook.transaction?.status ?? hook.status}
    </button>
  )
}

interface Kept {
  readonly shop: Shop
  readonly page: Page
  readonly show: (shown: boolean) => Promise<void>
}

async function keep(): Promise<Kept> {
  const shop = createShop()
  const element = (shown: boolean) => (
    <Activity mode={shown ? 'visible' : 'hidden'}>
      <Checkout client={shop.client} />
    </Activity>
  )
  const page = await openPage(element(true))
  return { shop, page, show: (shown) => page.render(element(shown)) }
}

it('a payment whose outcome came while it was hidden is shown as paid, and charged once', async () => {
  const { shop, page, show } = await keep()
  await page.click()
  await act(() => shop.clock.advance(1000))
  await show(false)
  await act(() => shop.clock.advance(20_000))
  await show(true)
  await act(() => shop.clock.advance(10_000))
  expect(page.text()).toBe('successful')
  await page.click()
  await act(() => shop.clock.advance(20_000))
  expect(shop.sandbox.charges()).toBe(1)
})

it('one that was hidden for 400 seconds is not asked after meanwhile, and goes on when it is shown', async () => {
  const { shop, page, show } = await keep()
  await page.click()
  await act(() => shop.clock.advance(1000))
  await show(false)
  await act(() => shop.clock.advance(1000))
  const asked = shop.requests('status')
  await act(() => shop.clock.advance(400_000))
  expect(shop.requests('status')).toBe(asked)
  await show(true)
  await act(() => shop.clock.advance(10_000))
  expect(page.text()).toBe('successful')
  expect([shop.sandbox.charges(), shop.requests('submit')]).toEqual([1, 1])
})

it('reset() while it is hidden forgets nothing that is under way: the next click is the same payment', async () => {
  const { shop, page, show } = await keep()
  await page.click()
  await act(() => shop.clock.advance(1000))
  await show(false)
  await act(async () => hook.reset())
  await show(true)
  expect(page.text()).toBe('idle')
  await page.click()
  await act(() => shop.clock.advance(20_000))
  expect(page.text()).toBe('successful')
  expect([shop.sandbox.charges(), shop.requests('submit')]).toEqual([1, 1])
})
