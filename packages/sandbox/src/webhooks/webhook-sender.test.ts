import { describe, expect, it } from 'vitest'
import { createManualClock } from '../../testing/manual-clock.ts'
import { card, createShop } from '../../testing/shop.ts'
import { createSandbox } from '../create-sandbox.ts'

const notification_url = 'https://shop.test/hook'
const keys = crypto.subtle.generateKey(
  { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
  true,
  ['sign', 'verify'],
)

/** A shop with a receiver that answers as told, and for ever 204 once it has been told nothing more. */
async function setUp(answers: (number | Error | 'never')[] = [], latencyMs = 0) {
  const clock = createManualClock()
  const received: { request: Request; bytes: Uint8Array<ArrayBuffer> }[] = []
  const sandbox = createSandbox({
    clock,
    latencyMs,
    webhookKeys: await keys,
    async fetch(request) {
      received.push({ request, bytes: new Uint8Array(await request.arrayBuffer()) })
      const answer = answers.shift() ?? 204
      if (answer === 'never') return new Promise(() => {})
      if (answer instanceof Error) throw answer
      return new Response(answer === 204 ? null : 'body', { status: answer })
    },
  })
  const arrived = (count: number) => expect.poll(() => received.length, { interval: 1, timeout: 5000 }).toBe(count)
  const planned = (ms: number | undefined) => expect.poll(() => clock.nextIn(), { interval: 1, timeout: 5000 }).toBe(ms)
  return { clock, sandbox, shop: createShop(sandbox), received, arrived, planned }
}

describe('a webhook', () => {
  it('is the standard answer as a POST with the shop’s own credentials', async () => {
    const { sandbox, shop, received, arrived } = await setUp()
    const { body } = await shop.pay({ notification_url })
    const result = await shop.result(body.request_id)
    await arrived(1)
    const [{ request, bytes } = expect.fail('nothing received')] = received
    expect([request.method, request.url]).toEqual(['POST', notification_url])
    expect(request.redirect).toBe('manual')
    expect(request.headers.get('authorization')).toBe(`Basic ${btoa('shop-1:secret-1')}`)
    expect(JSON.parse(new TextDecoder().decode(bytes))).toEqual(result.body)
    expect(sandbox.webhooks()).toMatchObject([{ url: notification_url, attempt: 1, transactionStatus: 'successful' }])
  })

  it('is signed over its raw bytes with the public key that the sandbox shows', async () => {
    const { sandbox, shop, received, arrived } = await setUp()
    await shop.pay({ notification_url, description: 'Заказ № 17' })
    sandbox.tasks()
    await arrived(1)
    const [{ request, bytes } = expect.fail('nothing received')] = received
    const decode = (text: string) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
    const publicKey = await crypto.subtle.importKey('spki', decode(await sandbox.publicKey()), algorithm, true, [
      'verify',
    ])
    const signature = decode(request.headers.get('content-signature') ?? '')
    expect(await crypto.subtle.verify(algorithm, publicKey, signature, bytes)).toBe(true)
    bytes[10] = (bytes[10] ?? 0) ^ 1
    expect(await crypto.subtle.verify(algorithm, publicKey, signature, bytes)).toBe(false)
    expect((publicKey.algorithm as RsaHashedKeyAlgorithm).modulusLength).toBe(2048)
  })

  it('is sent for a decline too, and when the task itself blew up but the card was charged', async () => {
    const { sandbox, shop, arrived } = await setUp()
    await shop.pay({ notification_url, credit_card: card('4005550000000019') })
    sandbox.fault({ on: 'submit', kind: 'error', charged: true })
    await shop.pay({ notification_url })
    expect(sandbox.webhooks().map((each) => each.transactionStatus)).toEqual(['failed', 'successful'])
    await arrived(2)
  })

  it('waits for the final state: not incomplete, but confirmed or expired', async () => {
    const { clock, sandbox, shop, arrived } = await setUp()
    const challenged = { notification_url, credit_card: card('4012000000001097') }
    const ack = await shop.pay(challenged)
    await shop.pay({ ...challenged, expired_at: '2026-01-15T13:00:00Z' })
    const { transaction } = (await shop.result(ack.body.request_id)).body
    expect(sandbox.webhooks()).toEqual([])
    await sandbox.fetch(transaction.redirect_url, { method: 'POST', body: 'decision=confirm' })
    await arrived(1)
    clock.advance(60 * 60 * 1000)
    await arrived(2)
    expect(sandbox.webhooks().map((each) => each.transactionStatus)).toEqual(['successful', 'expired'])
  })

  it('is not sent where there is nowhere to', async () => {
    const { sandbox, shop } = await setUp()
    await shop.pay()
    expect(sandbox.charges()).toBe(1)
    expect(sandbox.webhooks()).toEqual([])
  })
})

describe('redelivery', () => {
  it('follows an answer other than 2xx, a network failure and a silence, after growing pauses', async () => {
    const { clock, sandbox, shop, received, arrived, planned } = await setUp([
      500,
      new Error('refused'),
      'never',
      302,
      404,
      500,
    ])
    await shop.pay({ notification_url })
    sandbox.tasks()
    await planned(5_000)
    clock.advance(5_000)
    await planned(30_000)
    clock.advance(30_000)
    await arrived(3)
    // The third attempt gets no answer at all, which counts as a failure after 20 seconds.
    clock.advance(20_000)
    await planned(120_000)
    clock.advance(120_000)
    await planned(600_000)
    clock.advance(600_000)
    await planned(3_600_000)
    clock.advance(3_600_000)
    await planned(undefined)
    expect(sandbox.webhooks().map((each) => [each.attempt, each.outcome, each.httpStatus])).toEqual([
      [1, 'failed', 500],
      [2, 'failed', undefined],
      [3, 'failed', undefined],
      [4, 'failed', 302],
      [5, 'failed', 404],
      [6, 'failed', 500],
    ])
    expect(sandbox.webhooks()[1]?.error).toBe('refused')
    const [first, ...rest] = received.map(({ bytes }) => new TextDecoder().decode(bytes))
    for (const body of rest) expect(body).toBe(first)
  })

  it('ends with the first 2xx', async () => {
    const { clock, sandbox, shop, planned } = await setUp([500, 201])
    await shop.pay({ notification_url })
    sandbox.tasks()
    await planned(5_000)
    clock.advance(5_000)
    await expect.poll(() => sandbox.webhooks()[1]?.outcome, { interval: 1 }).toBe('delivered')
    await planned(undefined)
  })

  it('can be asked for, with the transaction as it is now', async () => {
    const { sandbox, shop, received } = await setUp()
    const ack = await shop.pay({ notification_url, credit_card: card('4012000000001097') })
    const { uid } = (await shop.result(ack.body.request_id)).body.transaction
    expect(await sandbox.redeliver(uid)).toMatchObject({
      outcome: 'delivered',
      transactionStatus: 'incomplete',
      attempt: 1,
    })
    expect(await sandbox.redeliver(uid)).toMatchObject({ attempt: 2 })
    expect(received).toHaveLength(2)
    await expect(sandbox.redeliver('none')).rejects.toThrow('There is no transaction none')
  })

  it('stops when the sandbox closes', async () => {
    const { clock, sandbox, shop, arrived } = await setUp(['never'])
    await shop.pay({ notification_url })
    sandbox.tasks()
    await arrived(1)
    sandbox.close()
    await expect.poll(() => sandbox.webhooks()[0]?.outcome, { interval: 1 }).toBe('failed')
    expect(clock.nextIn()).toBeUndefined()
  })
})

it('the key is made by the sandbox itself unless one is given, and shown as PEM too', async () => {
  const [one, other] = [createSandbox(), createSandbox()]
  const key = await one.publicKey()
  expect(await one.publicKey()).toBe(key)
  expect(await other.publicKey()).not.toBe(key)
  const pem = await one.publicKeyPem()
  expect(pem).toMatch(/^-----BEGIN PUBLIC KEY-----\n([A-Za-z0-9+/=]{1,64}\n)+-----END PUBLIC KEY-----\n$/)
  expect(pem.split('\n').slice(1, -2).join('')).toBe(key)
})
