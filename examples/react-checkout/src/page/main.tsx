/** The page of one order, `/orders/{id}`. */
import { adaptiveSchedule, bearerAuth, sqrtSchedule, webStorageJournal } from '@async-transaction/core'
import { createBrowserClient, indexedDbJournal } from '@async-transaction/core/browser'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Checkout } from './checkout.tsx'
import { NoOrder } from './no-order.tsx'
import { loadOrder, loadToken } from './shop-api.ts'

const id = location.pathname.split('/')[2] ?? ''
const client = createBrowserClient({
  baseUrl: '/pay',
  auth: bearerAuth(() => loadToken(id)),
  journal: indexedDbJournal(),
  // Somebody waits before it: sooner than by default, while the proxy is the shop's own.
  // What it learns of how long payments take is kept in this browser; it also says how far one is.
  schedule: adaptiveSchedule({
    store: webStorageJournal(() => localStorage),
    fallback: sqrtSchedule({ firstMs: 800, gapMs: 600 }),
  }),
})

const root = createRoot(document.querySelector('#page') as Element)
const order = await loadOrder(id).catch((error: Error) => error)
root.render(
  <StrictMode>
    {order instanceof Error ? <NoOrder reason={order.message} /> : <Checkout client={client} order={order} />}
  </StrictMode>,
)
