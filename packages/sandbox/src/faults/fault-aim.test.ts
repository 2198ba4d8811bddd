import { expect, it } from 'vitest'
import { createManualClock } from '../../testing/manual-clock.ts'
import { createShop, payment } from '../../testing/shop.ts'
import { createSandbox } from '../create-sandbox.ts'

function setUp() {
  const clock = createManualClock()
  const sandbox = createSandbox({ clock })
  return { clock, sandbox, shop: createShop(sandbox) }
}

it('a lookup can be struck by tracking id, also when it asks by uid', async () => {
  const { sandbox, shop } = setUp()
  const { uid } = (await shop.outcome('payments', payment())).body.transaction
  sandbox.fault({ on: 'lookup', kind: 'http', status: 500, trackingId: 'order-17', times: 2 })
  expect((await shop.get(`/transactions/${uid}`)).status).toBe(500)
  expect((await shop.get('/v2/transactions/tracking_id/order-17')).status).toBe(500)
  expect((await shop.get(`/transactions/${uid}`)).status).toBe(200)
})

it('a lookup can be struck by its kind', async () => {
  const { sandbox, shop } = setUp()
  const { uid } = (await shop.outcome('payments', payment())).body.transaction
  const [byUid, byTrackingId] = [`/transactions/${uid}`, '/v2/transactions/tracking_id/order-17']
  sandbox.fault({ on: 'lookup-by-tracking-id', kind: 'proxy-json', status: 404 })
  expect([(await shop.get(byUid)).status, (await shop.get(byTrackingId)).status]).toEqual([200, 404])
  sandbox.fault({ on: 'lookup-by-uid', kind: 'proxy-json', status: 403, trackingId: 'order-17' })
  expect([(await shop.get(byTrackingId)).status, (await shop.get(byUid)).status]).toEqual([200, 403])
})

it('an outage lasts for its time at every exchange', async () => {
  const { clock, sandbox, shop } = setUp()
  sandbox.fault({ on: 'any', kind: 'proxy-json', status: 503, forMs: 30_000 })
  const statuses = async () =>
    Promise.all([shop.pay(), shop.status('1'), shop.result('1'), shop.get('/transactions/1')]).then((answers) =>
      answers.map(({ status }) => status),
    )
  expect(await statuses()).toEqual([503, 503, 503, 503])
  clock.advance(29_999)
  expect(await statuses()).toEqual([503, 503, 503, 503])
  expect(sandbox.charges()).toBe(0)
  clock.advance(1)
  expect(await statuses()).toEqual([200, 404, 404, 404])
})
