import { expect, it } from 'vitest'
import { findRoute } from './route.ts'

it.each([
  ['POST', '/async/transactions/payments', { operation: 'submit', type: 'payments' }],
  ['POST', '/async/balance', { operation: 'submit', type: 'balance', outside: true }],
  ['POST', '/credit_cards', { operation: 'sync', type: 'credit_cards', outside: true }],
  ['POST', '/services/credit_cards/charges', { operation: 'sync', type: 'payments' }],
  [
    'GET',
    '/async/transactions/u',
    { operation: 'submit', type: 'status_queries', outside: true, request: { uid: 'u' } },
  ],
  ['GET', '/transactions/tracking_id/a', { operation: 'lookup', by: 'trackingId', id: 'a', single: true }],
  ['GET', '/async/status/10203', { operation: 'status', taskId: '10203' }],
  ['GET', '/async/result/10203', { operation: 'result', taskId: '10203' }],
  ['GET', '/transactions/1-2', { operation: 'lookup', by: 'uid', id: '1-2' }],
  ['POST', '/transactions/refunds', { operation: 'sync', type: 'refunds' }],
  ['GET', '/v2/transactions/tracking_id/a', { operation: 'lookup', by: 'trackingId', id: 'a' }],
  ['POST', '/process/u', { operation: 'page', page: 'challenge', uid: 'u' }],
  ['DELETE', '/sandbox/faults', { operation: 'control', path: ['faults'] }],
])('%s %s', (method, path, route) => {
  expect(findRoute(method, path)).toEqual(route)
})

it('decodes ids: slashes, spaces, percent signs, letters of any script', () => {
  for (const id of ['a/b', 'a b', '100%', '%2F', 'заказ-17', '?#&']) {
    const path = `/v2/transactions/tracking_id/${encodeURIComponent(id)}`
    expect(findRoute('GET', path)).toEqual({ operation: 'lookup', by: 'trackingId', id })
  }
})

it.each(['HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'])('%s never reads a task', (method) => {
  expect(findRoute(method, '/async/result/10203')).toEqual({ operation: 'none', allow: 'GET' })
})

it.each(['/', '/async', '/async/result', '/async/result/', '/async/result/a/b', '/async/result/%E0%A4%A'])(
  'knows nothing under %s',
  (path) => {
    expect(findRoute('GET', path)).toEqual({ operation: 'none' })
  },
)
