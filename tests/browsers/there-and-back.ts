/**
 * A page that observes a payment, leaves by itself, and comes back by the browser's history: once out of the back-forward
 * cache it goes on, without it it would start again. It reports by lookups, which the gateway counts.
 */
import { basicAuth } from '@async-transaction/core'
import { createBrowserClient } from '@async-transaction/core/browser'

const { origin, searchParams } = new URL(location.href)
const name = searchParams.get('name') ?? ''
const client = createBrowserClient({
  baseUrl: origin,
  auth: basicAuth({ shopId: '1', secretKey: 'key' }),
  allowSecretInBrowser: true,
  schedule: () => 3_600_000,
})
const report = (what: string): Promise<unknown> => client.find({ trackingId: `${what}-${name}` })

if (sessionStorage.getItem('left')) {
  void report('reloaded')
} else {
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) void report('restored')
  })
  const task = client.submit('payments', {
    amount: 1000 + Math.floor(Math.random() * 1e6),
    currency: 'KZT',
    description: 'Order',
    tracking_id: name,
    credit_card: { number: '4200000000000000', verification_value: '123', exp_month: '05', exp_year: '2030' },
  })
  await task.accepted()
  task.subscribe({ complete: () => void report('settled').then(() => close()) })
  setTimeout(() => {
    sessionStorage.setItem('left', 'yes')
    const away = `data:text/javascript,setTimeout(()=>history.back(),300)`
    location.href = `${origin}/page?script=${encodeURIComponent(away)}`
  }, 600)
}
