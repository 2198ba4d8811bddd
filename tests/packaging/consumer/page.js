/** A page that pays when its button is clicked, and shows on it how far the payment is. */
import { bearerAuth, fixedSchedule } from '@async-transaction/core'
import { createBrowserClient } from '@async-transaction/core/browser'
import { useAsyncTransaction } from '@async-transaction/react'
import { createElement } from 'react'
import { createRoot } from 'react-dom/client'

const { token, order } = document.body.dataset
const schedule = fixedSchedule({ intervalMs: 50 })
const client = createBrowserClient({ baseUrl: '/pay', auth: bearerAuth(token), schedule })

function Checkout() {
  const { submit, status, transaction } = useAsyncTransaction(client, { type: 'payments' })
  const request = {
    amount: 3245,
    currency: 'KZT',
    description: order,
    tracking_id: order,
    credit_card: { number: '4200000000000000', verification_value: '123', exp_month: '05', exp_year: '2030' },
  }
  return createElement('button', { type: 'button', onClick: () => submit(request) }, `${status} ${transaction?.status}`)
}

createRoot(document.getElementById('root')).render(createElement(Checkout))
