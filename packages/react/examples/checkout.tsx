'use client'
import type { Client, PaymentRequest } from '@async-transaction/core'
import { useAsyncTransaction } from '@async-transaction/react'

type Order = PaymentRequest & { tracking_id: string }

export function Checkout({ client, request }: { client: Client; request: Order }) {
  const { submit, status, transaction, error, isPending, lookup, reset } = useAsyncTransaction(client, {
    type: 'payments',
    recover: { trackingId: request.tracking_id }, // after a reload, or the return from 3-D Secure
  })

  if (transaction?.status === 'successful') return <p>Paid. Thank you!</p>
  if (transaction?.status === 'incomplete') return <a href={transaction.redirect_url ?? ''}>Confirm at your bank</a>
  if (status === 'unknown' || error?.effect === 'unknown') {
    // No answer came: goes on with the same payment, under the same RequestID, so that it is charged once.
    const goesOn = error && error.code !== 'gateway-error'
    return (
      <p>
        We do not know yet whether you paid. Please do not pay again.
        <button type="button" onClick={() => (goesOn ? submit(request) : lookup())}>
          {goesOn ? 'Go on with this payment' : 'Check'}
        </button>
        <button type="button" onClick={reset}>
          I asked the shop: it is not paid
        </button>
      </p>
    )
  }
  return (
    <button type="button" disabled={isPending} onClick={() => submit(request)}>
      {isPending ? 'Paying …' : transaction?.status === 'failed' ? 'Declined: try another card' : 'Pay'}
    </button>
  )
}
