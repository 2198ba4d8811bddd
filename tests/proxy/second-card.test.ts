/** The page of the README pays with a second card, as it is. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { cards, createShop, type Order, PAGE, requestFor } from './shop.ts'

const proxy = join(import.meta.dirname, '../../packages/proxy')
const order: Order = { amount: 3245, currency: 'KZT', description: 'Order 17', trackingId: 'order-17' }
const card = (number: string) => requestFor(order, number).credit_card ?? {}

/** Opens the page anew: in it, paths are of the shop. */
async function openPage() {
  const shop = createShop()
  vi.stubGlobal(
    'Request',
    class extends Request {
      constructor(input: RequestInfo | URL, init?: RequestInit) {
        super(typeof input === 'string' ? new URL(input, PAGE) : input, init)
      }
    },
  )
  vi.stubGlobal('fetch', async (input: string | Request, init?: RequestInit) => {
    const request = new Request(input, init)
    if (!request.url.endsWith('/checkout/order-17/token')) return shop.proxy.fetch(request)
    return new Response(await shop.token(order, { attempt: 'next', request: { duplicate_check: false } }))
  })
  vi.resetModules()
  const { pay } = await import('../../packages/proxy/examples/page.ts')
  return { shop, pay }
}

afterEach(() => {
  vi.unstubAllGlobals()
})

it('is the page of the README', () => {
  const page = readFileSync(join(proxy, 'examples/page.ts'), 'utf8')
  expect(readFileSync(join(proxy, 'README.md'), 'utf8')).toContain(`\`\`\`ts\n${page}\`\`\``)
})

it.each([
  ['declined', cards.declined, { status: 'result', transaction: { status: 'failed' } }],
  ['mistyped', '4200000000000001', { status: 'error', error: { code: 'submit-rejected', effect: 'none' } }],
])(
  'after a card that was %s',
  async (_, number, first) => {
    const { shop, pay } = await openPage()
    expect(await pay(card(number))).toMatchObject(first)
    expect(await pay(card(cards.succeeds))).toMatchObject({ transaction: { status: 'successful' } })
    const paid = shop.sandbox.transactions(order.trackingId).filter(({ status }) => status === 'successful')
    expect(paid).toHaveLength(1)
  },
  20_000,
)

it('after a double click charges once, and after a reload does not charge again', async () => {
  const { shop, pay } = await openPage()
  const outcomes = await Promise.all([pay(card(cards.succeeds)), pay(card(cards.succeeds))])
  outcomes.push(await pay(card(cards.declined)))
  for (const outcome of outcomes) expect(outcome).toMatchObject({ transaction: { status: 'successful' } })
  expect(shop.sandbox.transactions(order.trackingId)).toHaveLength(1)
}, 60_000)
