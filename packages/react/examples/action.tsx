'use client'
import type { Client, Outcome } from '@async-transaction/core'
import { useAsyncTransaction } from '@async-transaction/react'
import { useActionState } from 'react'

export function PayForm({ client }: { client: Client }) {
  const { submit, status } = useAsyncTransaction(client, { type: 'payments' })
  const [outcome, pay, isPending] = useActionState<Outcome | undefined, FormData>(
    (_, form) =>
      submit({
        amount: 3245,
        currency: 'KZT',
        description: 'Order 17',
        tracking_id: 'order-17',
        credit_card: {
          number: String(form.get('number')),
          exp_month: String(form.get('month')),
          exp_year: String(form.get('year')),
          verification_value: String(form.get('cvc')),
        },
      }).outcome(), // never rejects
    undefined,
  )
  return (
    <form action={pay}>
      <input name="number" autoComplete="cc-number" />
      <input name="month" autoComplete="cc-exp-month" />
      <input name="year" autoComplete="cc-exp-year" />
      <input name="cvc" autoComplete="cc-csc" />
      <button type="submit" disabled={isPending}>
        Pay
      </button>
      <p>{outcome?.status === 'result' ? outcome.transaction?.status : status}</p>
    </form>
  )
}
