import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { isTransactionError } from '../errors/is-transaction-error.ts'
import { bearerAuth } from '../transport/bearer-auth.ts'
import { createClient } from './create-client.ts'

const payment = { amount: 3245, currency: 'KZT', description: 'Order 17', credit_card: { number: '4200000000000000' } }

function counted() {
  let requests = 0
  const fetch = (): Response => {
    requests += 1
    return new Response('{}')
  }
  const client = createClient({ baseUrl: 'https://gateway.test', auth: bearerAuth('token'), fetch })
  return { client, requests: () => requests }
}

const thrown = (act: () => unknown): unknown => {
  try {
    return act()
  } catch (error) {
    return error
  }
}

describe('submit', () => {
  it.each([
    ['a request that breaks a rule', 'payments', { ...payment, amount: 1.5 }, {}, 'request-invalid', 'amount must be'],
    ['no request', 'payments', undefined, {}, 'request-invalid', 'request must be an object'],
    ['null', 'payments', null, {}, 'request-invalid', 'request must be an object'],
    ['a number', 'payments', 7, {}, 'request-invalid', 'request must be an object'],
    ['true', 'balance', true, {}, 'request-invalid', 'request must be an object'],
    ['a list', 'payments', [payment], {}, 'request-invalid', 'request must be an object'],
    ['the singular', 'payment', payment, {}, 'request-invalid', 'did you mean "payments"'],
    ['trackingId', 'payments', { ...payment, trackingId: 'x' }, {}, 'request-invalid', 'did you mean tracking_id?'],
    ['creditCard', 'payments', { ...payment, creditCard: {} }, {}, 'request-invalid', 'did you mean credit_card?'],
    ['returnUrl', 'payments', { ...payment, returnUrl: '/' }, {}, 'request-invalid', 'did you mean return_url?'],
    ['notificationUrl', 'payments', { ...payment, notificationUrl: '/' }, {}, 'request-invalid', 'notification_url?'],
    ['requestKey', 'payments', { ...payment, requestKey: 'k' }, {}, 'request-invalid', 'option requestKey of submit()'],
    [
      'a request that is no JSON',
      'payments',
      { ...payment, additional_data: { amount: 1n } },
      {},
      'request-invalid',
      'JSON',
    ],
    ['a type that is a path', '../../transactions', payment, {}, 'request-invalid', 'type must be a name'],
    ['an unknown option', 'payments', payment, { requestID: 'x' }, 'config', 'requestID is not an option'],
    ['a key that is no header', 'payments', payment, { requestKey: 'a\nb' }, 'config', 'requestKey must be'],
    ['an empty key', 'payments', payment, { requestKey: '' }, 'config', 'requestKey must be'],
    ['a key that is a path', 'payments', payment, { requestKey: '..' }, 'request-invalid', 'tracking_id must be'],
    ['a signal that is none', 'payments', payment, { signal: 'soon' }, 'config', 'signal must be'],
  ])('refuses %s before anything is sent', async (_, type, request, options, code, message) => {
    const { client, requests } = counted()
    const error = thrown(() => client.submit(type, request as never, options as never))
    expect(error).toMatchObject({ code, effect: 'none', message: expect.stringContaining(message) })
    expect(isTransactionError(error)).toBe(true)
    await Promise.resolve()
    expect(requests()).toBe(0)
  })

  it('never shows the value that is wrong, nor the card beside it', () => {
    const { client } = counted()
    const error = thrown(() => client.submit('payments', { ...payment, currency: '4012000000001097' }))
    expect(inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error)).not.toMatch(/4012|4200/)
  })

  it('shows nothing of the request in the task', () => {
    const { client } = counted()
    const task = client.submit('payments', payment)
    expect(inspect(task, { depth: 9, showHidden: true }) + JSON.stringify(task)).not.toContain('4200')
    task.stop()
  })

  it('takes its keys from the caller, or makes them', () => {
    const { client } = counted()
    const named = client.submit('payments', { ...payment, tracking_id: 'order-17' }, { requestKey: 'key-17' })
    expect(named).toMatchObject({ requestKey: 'key-17', trackingId: 'order-17' })
    const unnamed = client.submit('payments', payment)
    expect(unnamed.requestKey).toMatch(/^[\da-f]{8}-[\da-f]{4}-4/)
    expect(unnamed.trackingId).toBe(unnamed.requestKey)
    for (const task of [named, unnamed]) task.stop()
  })
})

describe('a handle', () => {
  const handle = {
    v: 1 as const,
    requestKey: 'key',
    trackingId: 'order-17',
    type: 'payments',
    createdAt: 1,
    requestId: 'a2ac9f8e',
    statusUrl: '',
    responseUrl: '',
    polls: 0,
    lost: 0,
  }

  it.each([
    ['nothing', undefined, 'it'],
    ['a string', JSON.stringify(handle), 'it'],
    ['another version', { ...handle, v: 2 }, 'v must be 1'],
    ['no version', { ...handle, v: undefined }, 'v is required'],
    ['no request id', { ...handle, requestId: undefined }, 'requestId'],
    ['an id that is a path', { ...handle, requestId: '../../transactions/1' }, 'requestId must be'],
    ['a type that is a path', { ...handle, type: 'a/../b' }, 'type must be'],
    ['a time that is none', { ...handle, createdAt: 'yesterday' }, 'createdAt must be a number'],
  ])('that is %s is refused', async (_, bad, message) => {
    const { client, requests } = counted()
    const refused = { code: 'request-invalid', effect: 'unknown', message: expect.stringContaining(message) }
    expect(thrown(() => client.resume(bad as never))).toMatchObject(refused)
    // A lost submission has no request id.
    if (message !== 'requestId') await expect(client.check(bad as never)).rejects.toMatchObject(refused)
    expect(requests()).toBe(0)
  })
})

describe('find', () => {
  it.each([{}, { uid: '' }, { trackingId: '..' }, { uid: '.' }])('refuses %j', async (by) => {
    const { client, requests } = counted()
    await expect(client.find(by as never)).rejects.toMatchObject({ code: 'request-invalid', effect: 'none' })
    expect(requests()).toBe(0)
  })
})
