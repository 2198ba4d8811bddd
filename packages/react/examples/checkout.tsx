'use client'
import type { Client, PaymentRequest } from '@async-transaction/core'
import { useAsyncTransaction } from '@async-transaction/react'
import { useState } from 'react'

export function Checkout({ client, request }: { client: Client; request: PaymentRequest }) {
  const { submit, status, transaction, error, isPending, lookup, reset } = useAsyncTransaction(client, {
    type: 'payments',
    recover: request.tracking_id, // after a reload, or the return from 3-D Secure
  })
  const [paid, setPaid] = useState(false)

  async function check() {
    if (!error) return lookup()
    const found = await client.find({ trackingId: request.tracking_id ?? '' }).catch(() => [])
    if (found.some((one) => one.status === 'successful')) setPaid(true)
    else submit(request) // the same payment, under the same RequestID: it is charged once
  }

  if (paid || transaction?.status === 'successful') return <p>Paid. Thank you!</p>
  if (transaction?.status === 'incomplete') return <a href={transaction.redirect_url ?? ''}>Confirm at your bank</a>
  if (status === 'unknown' || error?.effect === 'unknown')
    return (
      <p>
        We do not know yet whether you paid. Please do not pay again.
        <button type="button" onClick={check}>
          {error ? 'Go on with this payment' : 'Check'}
        </button>
        <button type="button" onClick={reset}>
          I asked the shop: it is not paid
        </button>
      </p>
    )
  return (
    <button type="button" disabled={isPending} onClick={() => submit(request)}>
      {isPending ? 'Paying …' : transaction?.status === 'failed' ? 'Declined: try another card' : 'Pay'}
    </button>
  )
}
