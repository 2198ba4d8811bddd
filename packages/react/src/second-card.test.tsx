/** The component of the README behind a token proxy: declined, it pays with a second card, as it is. */
import { bearerAuth, createClient, fixedSchedule, memoryJournal } from '@async-transaction/core'
import { createTokenProxy } from '@async-transaction/proxy'
import { createSandbox } from '@async-transaction/sandbox'
import { act } from 'react'
import { afterEach, expect, it } from 'vitest'
import { Checkout } from '../examples/checkout.tsx'
import { closePages, openPage, type Page } from '../testing/page.ts'
import { cards, order } from '../testing/shop.ts'

const credentials = { shopId: '361', secretKey: 'a-secret-key' }

/** A page whose tokens are issued as the README of the proxy says. */
function createPage() {
  const sandbox = createSandbox({ credentials })
  const proxy = createTokenProxy({
    gateway: { baseUrl: 'https://gateway.test', ...credentials },
    secret: crypto.getRandomValues(new Uint8Array(32)),
    origins: ['https://shop.example'],
    fetch: sandbox.fetch,
  })
  const { amount, currency, description, tracking_id: trackingId = '' } = order()
  const client = createClient({
    baseUrl: 'https://shop.example/pay',
    auth: bearerAuth(() =>
      proxy.issue({
        type: 'payments',
        amount,
        currency,
        description,
        trackingId,
        attempt: 'next',
        request: { duplicate_check: false },
      }),
    ),
    fetch: (request) => proxy.fetch(request),
    journal: memoryJournal(),
    schedule: fixedSchedule({ intervalMs: 250 }),
  })
  return { client, sandbox }
}

/** In real time, which the proxy's cryptography needs. */
async function shows(page: Page, text: RegExp): Promise<void> {
  for (let waits = 0; waits < 500 && !text.test(page.text()); waits++)
    await act(() => new Promise((resolve) => setTimeout(resolve, 20)))
  expect(page.text()).toMatch(text)
}

afterEach(closePages)

it.each([
  ['declined', cards.declined, /^Declined/],
  ['mistyped', '4200000000000001', /^Pay$/],
])('a card that was %s is followed by a second one, which is charged', async (_, number, shown) => {
  const { client, sandbox } = createPage()
  const page = await openPage(<Checkout client={client} request={order({}, number) as never} />)
  await shows(page, /^Pay$/)
  await page.click()
  await shows(page, shown)
  await page.render(<Checkout client={client} request={order({}, cards.succeeds) as never} />)
  await page.click('button', 2)
  await shows(page, /^Paid/)
  const paid = sandbox.transactions('order-17').filter(({ status }) => status === 'successful')
  expect(paid).toHaveLength(1)
})
