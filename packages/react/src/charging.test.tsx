/** Whatever React does with a component, and the customer with a button: the gateway is charged once. */
import type { Client, PaymentRequest, TransactionTask } from '@async-transaction/core'
import { act, StrictMode } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import { closePages, openPage } from '../testing/page.ts'
import { cards, createShop, order } from '../testing/shop.ts'
import { type AsyncTransaction, type UseAsyncTransactionOptions, useAsyncTransaction } from './index.ts'

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

describe('one charge', () => {
  it('a payment is shown from its submission to its result', async () => {
    const { client, clock, sandbox } = createShop()
    const page = await openPage(<Checkout client={client} />)
    expect(page.text()).toBe('idle')
    expect(hook).toMatchObject({ isPending: false, task: undefined, transaction: undefined, error: undefined })
    await page.click()
    await act(() => clock.advance(100))
    expect(page.text()).toBe('processing')
    expect(hook).toMatchObject({ isPending: true, state: { status: 'processing' } })
    await act(() => clock.advance(10_000))
    expect(page.text()).toBe('successful')
    expect(hook).toMatchObject({ status: 'result', isPending: false, transaction: { tracking_id: 'order-17' } })
    expect(sandbox.charges('order-17')).toBe(1)
  })
})
