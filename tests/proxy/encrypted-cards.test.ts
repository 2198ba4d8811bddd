/** Cards that a page encrypts: nothing of the shop's own sees one, and each still behaves as itself. */
import { encryptCard } from '@async-transaction/core/encryption'
import { memoryOutcomes } from '@async-transaction/proxy'
import { createSandbox } from '@async-transaction/sandbox'
import { expect, it } from 'vitest'
import { cards, createShop, newOrder, requestFor } from './shop.ts'

const card = (number: string) => ({
  number,
  verification_value: '987',
  holder: 'JANE ROE',
  exp_month: '5',
  exp_year: '35',
})

/** All that was given to a store. */
function recordingOutcomes() {
  const written: string[] = []
  const store = memoryOutcomes()
  const outcomes = new Proxy(store, {
    get(target, name) {
      const member = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      return (...given: unknown[]) => {
        written.push(JSON.stringify(given))
        return member.apply(target, given)
      }
    },
  })
  return { outcomes, written }
}

it.each([
  ['is paid', cards.succeeds, 'successful'],
  ['is declined', cards.declined, 'failed'],
  ['asks for 3-D Secure', cards.threeDSecure, 'incomplete'],
])('a card that %s does so, and the proxy never sees its number', async (_, number, status) => {
  const { outcomes, written } = recordingOutcomes()
  const shop = createShop({ cards: 'encrypted', outcomes })
  const publicKey = await shop.sandbox.publicKey()
  const order = newOrder()
  const received: string[] = []
  const client = shop.browser(await shop.token(order), {
    fetch: async (request: Request) => {
      const copy = request.clone()
      received.push(`${copy.url} ${JSON.stringify([...copy.headers])} ${await copy.text()}`)
      const response = await shop.proxy.fetch(request)
      received.push(await response.clone().text())
      return response
    },
  })
  const { credit_card: _card, ...request } = requestFor(order)
  const task = client.submit('payments', {
    ...request,
    encrypted_credit_card: await encryptCard(card(number), publicKey),
  })
  const transaction = await task.result()
  expect(transaction).toMatchObject({ status, credit_card: { last_4: number.slice(-4) } })
  const all = [...received, ...written, JSON.stringify(shop.events)].join('\n')
  expect(all).toContain('$begatewaycsejs_1_0_0$')
  expect(received.length).toBeGreaterThan(2)
  expect(written.length).toBeGreaterThan(2)
  for (const secret of [number, number.replace(/(....)(?=.)/g, '$1 '), '987']) expect(all).not.toContain(`"${secret}"`)
  expect(all).not.toContain(number)
})

it('a card for the key of another gateway stands for no card of this one', async () => {
  const other = createSandbox()
  const shop = createShop({ cards: 'encrypted' })
  const order = newOrder()
  const { credit_card: _card, ...request } = requestFor(order)
  const encrypted_credit_card = await encryptCard(card(cards.declined), await other.publicKey())
  const task = shop.browser(await shop.token(order)).submit('payments', { ...request, encrypted_credit_card })
  await expect(task.result()).resolves.not.toMatchObject({ credit_card: { last_4: '0019' } })
})
