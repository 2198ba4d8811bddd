/** Cards that are encrypted in the page, from the form to the gateway. Protocol section 3. */
import { memoryJournal } from '@async-transaction/core'
import { encryptCard } from '@async-transaction/core/encryption'
import { expect, it } from 'vitest'
import { createCheckout, order } from './checkout.ts'

const card = {
  number: '4200 0000 0000 0000',
  verification_value: '987',
  holder: 'JANE ROE',
  exp_month: 5,
  exp_year: 40,
}

it('pays with an encrypted card, saves it, and journals nothing of it', async () => {
  const journal = memoryJournal()
  const { client, clock, sandbox } = createCheckout({ journal })
  const encrypted_credit_card = await encryptCard({ ...card, save_card: true }, await sandbox.publicKey())
  const task = client.submit('payments', order({ credit_card: undefined, encrypted_credit_card }))
  await clock.until(task.accepted())
  const kept = (await journal.getKeys()).map((key) => String(journal.getItem(key)))
  expect(kept).toEqual([expect.stringContaining('requestId')])
  expect(kept[0]).not.toContain('begatewaycsejs')
  const outcome = await clock.until(task.outcome())
  expect(outcome).toMatchObject({ status: 'result', transaction: { status: 'successful' } })
  expect(outcome).toHaveProperty('transaction.credit_card.token')
})

it('saves a card by a flag beside it, and pays with it again and its encrypted security code', async () => {
  const { client, clock, sandbox } = createCheckout()
  const publicKey = await sandbox.publicKey()
  const encrypted_credit_card = await encryptCard(card, publicKey)
  const first = order({ credit_card: { save_card: true }, encrypted_credit_card })
  const transaction = await clock.until(client.submit('payments', first).result())
  const { token } = transaction.credit_card as { token: string }
  const code = await encryptCard({ verification_value: '987' }, publicKey)
  const second = order({ credit_card: { token }, encrypted_credit_card: code })
  expect(await clock.until(client.submit('payments', second).result())).toMatchObject({ status: 'successful' })
})

it('sends the same ciphertexts again when the answer was lost', async () => {
  const { restart, clock, sandbox } = createCheckout()
  const bodies: string[] = []
  const client = restart({
    fetch: async (request) => {
      if (request.method === 'POST') bodies.push(await request.clone().text())
      return sandbox.fetch(request)
    },
  })
  const request = order({
    credit_card: undefined,
    encrypted_credit_card: await encryptCard(card, await sandbox.publicKey()),
  })
  sandbox.fault({ on: 'submit', kind: 'drop-after' })
  expect(await clock.until(client.submit('payments', request).outcome())).toMatchObject({ status: 'result' })
  expect(bodies).toHaveLength(2)
  expect(new Set(bodies).size).toBe(1)
  expect(bodies[0]).toContain('$begatewaycsejs_1_0_0$')
  expect(sandbox.charges(request.tracking_id)).toBe(1)
})
