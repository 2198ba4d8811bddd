import { bearerAuth, type CardRequest, createClient, type Outcome } from '@async-transaction/core'

/** From your checkout, which decides on the amount and lets the proxy decide on the attempt: `tokenFor`. */
const fetchToken = async (): Promise<string> => (await fetch('/checkout/order-17/token', { method: 'POST' })).text()

const client = createClient({ baseUrl: '/pay', auth: bearerAuth(fetchToken) })

/** Charges once, however often it is clicked. After a decline or a mistyped card, the next call pays with the next card. */
export const pay = (card: CardRequest): Promise<Outcome> =>
  client
    .submit('payments', {
      amount: 3245, // what the token fixes must be the same, or be left out
      currency: 'KZT',
      description: 'Order 17',
      tracking_id: 'order-17',
      credit_card: card,
    })
    .outcome()
