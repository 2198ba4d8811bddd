/** The README's examples are the files in `examples`, and they pay. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { act, StrictMode } from 'react'
import { afterEach, expect, it } from 'vitest'
import { PayForm } from '../examples/action.tsx'
import { Checkout } from '../examples/checkout.tsx'
import { closePages, openPage } from '../testing/page.ts'
import { cards, createShop, order } from '../testing/shop.ts'

afterEach(closePages)

const order17 = (card?: string) => ({ ...order({}, card), tracking_id: 'order-17' })
const read = (path: string): string => readFileSync(join(import.meta.dirname, '..', path), 'utf8')

it('its examples are the programs', () => {
  const examples = read('README.md')
    .split('```tsx\n')
    .slice(1)
    .map((part) => part.split('```')[0])
  expect(examples).toEqual([read('examples/checkout.tsx'), read('examples/action.tsx')])
})

it.each([
  [cards.succeeds, 'Paid. Thank you!'],
  [cards.declined, 'Declined: try another card'],
  [cards.threeDSecure, 'Confirm at your bank'],
])('the checkout pays with %s: %s', async (card, text) => {
  const { client, clock, sandbox } = createShop()
  const page = await openPage(
    <StrictMode>
      <Checkout client={client} request={order17(card)} />
    </StrictMode>,
  )
  await page.click('button', 2)
  await act(() => clock.advance(20_000))
  expect(page.text()).toBe(text)
  expect(sandbox.transactions()).toHaveLength(1)
})

it.each([
  ['an outcome that is unknown', 'forget'],
  ['an error that the gateway returned once', 'error'],
] as const)('the checkout says so after %s, and looks the payment up', async (_, kind) => {
  const { client, clock, sandbox, requests } = createShop()
  sandbox.fault({ on: 'submit', kind, charged: true })
  sandbox.fault({ on: 'lookup', kind: 'http', status: 500, times: 5 })
  const page = await openPage(<Checkout client={client} request={order17()} />)
  await page.click()
  await act(() => clock.advance(30_000))
  expect(page.text()).toMatch(/^We do not know yet.*Check/)
  await page.click()
  await act(() => clock.advance(100))
  expect(page.text()).toBe('Paid. Thank you!')
  expect(requests('submit')).toBe(1)
  expect(sandbox.charges()).toBe(1)
})

it.each([
  ['was lost on its way', 'drop-before'],
  ['was taken, and not acknowledged', 'drop-after'],
] as const)('the checkout goes on with a payment that %s', async (_, kind) => {
  const { client, clock, sandbox } = createShop()
  sandbox.fault({ on: 'submit', kind, times: 3 })
  sandbox.fault({ on: 'lookup', kind: 'html', times: 5 })
  const page = await openPage(<Checkout client={client} request={order17()} />)
  await page.click()
  await act(() => clock.advance(600_000))
  expect(page.text()).toMatch(/^We do not know yet.*Go on/)
  await page.click()
  await act(() => clock.advance(20_000))
  expect(page.text()).toBe('Paid. Thank you!')
  expect(sandbox.charges()).toBe(1)
})

it('the form pays', async () => {
  const { client, clock, sandbox } = createShop()
  const page = await openPage(<PayForm client={client} />)
  for (const [name, value] of [
    ['number', cards.succeeds],
    ['month', '05'],
    ['year', '2030'],
    ['cvc', '123'],
  ])
    document.querySelector<HTMLInputElement>(`[name=${name}]`)?.setAttribute('value', value as string)
  await page.click()
  await act(() => clock.advance(20_000))
  expect(page.text()).toContain('successful')
  expect(sandbox.charges('order-17')).toBe(1)
})
