/**
 * What a customer sees of a transaction: the 3-D Secure challenge, where the customer's bank would ask for a code, and
 * the receipt. They need no credentials: whoever has the uid has been sent there.
 */
import { html } from 'hono/html'
import type { Entry } from '../processing/entry.ts'
import type { Reply } from '../reply.ts'
import { type Markup, page, problemPage } from './page.ts'

/** `GET` of the challenge: the form, or how it ended. */
export function challengePage(entry: Entry | undefined): Promise<Reply> {
  if (entry && entry.status !== 'incomplete') return receiptPage(entry)
  if (!entry?.challenged) return problemPage(404, 'Nothing to confirm', 'There is no payment to confirm here.')
  const outcome = entry.card?.behaviour === 'fails-challenge' ? 'With this card, confirming fails.' : ''
  return page(
    200,
    'Confirm the payment',
    html`<h1>Confirm the payment</h1>
<p>Your bank asks whether it is you who pays.</p>
${details(entry)}
<form method="post">
<button type="submit" name="decision" value="cancel">Cancel</button>
<button type="submit" name="decision" value="confirm">Confirm</button>
</form>
<p class="note">A page of the sandbox: no bank is involved, and no money moves. ${outcome}</p>`,
  )
}

/** After the `POST` of the challenge: back to the shop, or to how it ended. */
export function afterChallenge(entry: Entry): Reply {
  return {
    status: 303,
    headers: { location: backToShop(entry) ?? `${entry.order.baseUrl}/process/${entry.uid}` },
    body: null,
  }
}

/** The receipt, which is also the end of a challenge that has no `return_url`. */
export function receiptPage(entry: Entry | undefined): Promise<Reply> {
  if (!entry) return problemPage(404, 'No such transaction', 'There is no transaction under this address.')
  const title = `The ${entry.order.type.name} ${titles[entry.status] ?? `is ${entry.status}`}`
  const back = backToShop(entry)
  const link = back ? html`<p><a href="${back}">Back to the shop</a></p>` : html`<p>You can close this page.</p>`
  return page(200, title, html`<h1>${title}</h1>\n${details(entry)}\n${link}`)
}

const titles: Readonly<Record<string, string>> = {
  successful: 'is successful',
  failed: 'has failed',
  expired: 'has expired',
  incomplete: 'is not complete',
}

/** The shop's `return_url` with the transaction and its status, unless there is none. */
function backToShop({ order, uid, status }: Entry): string | undefined {
  if (order.returnUrl === undefined) return undefined
  const url = new URL(order.returnUrl)
  url.searchParams.set('uid', uid)
  url.searchParams.set('status', status)
  return url.href
}

function details({ order, card, currency, description }: Entry): Markup {
  return html`<dl>
<dt>Amount</dt><dd>${formatAmount(order.amount, currency)}</dd>
<dt>For</dt><dd>${description ?? '–'}</dd>
<dt>Card</dt><dd>${card ? `${card.brand} •••• ${card.last4}` : '–'}</dd>
</dl>`
}

/** Minor units with as many decimals as the currency has: 3245 KZT → 32.45, 500 JPY → 500, 1500 KWD → 1.500. */
function formatAmount(amount: number | null, currency: string | null): string {
  if (amount === null || currency === null) return '–'
  const format = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
  const decimals = format.maximumFractionDigits ?? 2
  return `${currency} ${(amount / 10 ** decimals).toFixed(decimals)}`
}
