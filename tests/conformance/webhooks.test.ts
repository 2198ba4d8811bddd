/** Webhooks: only what is signed is believed, and it settles the task it is about. Protocol section 6. */
import { createPublicKey } from 'node:crypto'
import { basicAuth, type ClientOptions, memoryJournal, type Transaction } from '@async-transaction/core'
import { supersedes, verifyWebhook, WebhookError } from '@async-transaction/core/webhook'
import { describe, expect, it } from 'vitest'
import { cards, createCheckout, credentials, order, record } from './checkout.ts'

/** A key of a gateway, and webhooks that it signs. */
async function signing() {
  const key = await crypto.subtle.generateKey(
    { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) },
    true,
    ['sign', 'verify'],
  )
  const publicKey = Buffer.from(await crypto.subtle.exportKey('spki', key.publicKey)).toString('base64')
  const sign = async (body: string): Promise<Request> => {
    const signature = Buffer.from(await crypto.subtle.sign(key.privateKey.algorithm, key.privateKey, Buffer.from(body)))
    const headers = { 'content-signature': signature.toString('base64') }
    return new Request('https://shop.test/', { method: 'POST', body, headers })
  }
  return { publicKey, sign }
}

/** A payment whose webhook has been sent, as it came in. */
async function notified(fields: object = {}, options: Partial<ClientOptions> = {}) {
  const received: Request[] = []
  const checkout = createCheckout(options, {
    latencyMs: 1000,
    fetch: async (request) => {
      received.push(request.clone())
      return new Response()
    },
  })
  const { client, clock, sandbox } = checkout
  const request = order({ notification_url: 'https://shop.test/hook', ...fields })
  const task = client.submit('payments', request)
  await clock.until(task.accepted())
  await clock.advance(1500)
  while (!received.length) await new Promise((resolve) => setTimeout(resolve, 1))
  const [webhook] = received as [Request]
  const body = await webhook.clone().text()
  const { headers } = webhook
  const altered = (change: { body?: string | Uint8Array<ArrayBuffer>; headers?: Record<string, string> }) =>
    new Request(webhook.url, {
      method: 'POST',
      body: change.body ?? body,
      headers: { ...Object.fromEntries(headers), ...change.headers },
    })
  const [publicKey, pem] = await Promise.all([sandbox.publicKey(), sandbox.publicKeyPem()])
  return { ...checkout, task, request, webhook, body, altered, publicKey, pem }
}

describe('verifyWebhook()', () => {
  it('gives the transaction that the gateway signed', async () => {
    const { webhook, publicKey, request } = await notified()
    expect(await verifyWebhook(webhook, { publicKey })).toMatchObject({
      status: 'successful',
      tracking_id: request.tracking_id,
    })
  })

  it.each([
    ['bare base64', (key: string) => key],
    ['base64 in lines with CRLF', (key: string) => key.replace(/(.{64})/g, '$1\r\n')],
    ['PEM', (_: string, pem: string) => pem],
    ['PEM with CRLF', (_: string, pem: string) => pem.replaceAll('\n', '\r\n')],
    ['PEM with a literal \\n, in quotes', (_: string, pem: string) => JSON.stringify(pem)],
    ['PEM in base64', (_: string, pem: string) => btoa(pem)],
    ['PKCS#1', (_: string, pem: string) => `${createPublicKey(pem).export({ type: 'pkcs1', format: 'pem' })}`],
  ])('takes the key as %s', async (_, form) => {
    const { webhook, publicKey, pem } = await notified()
    await expect(verifyWebhook(webhook, { publicKey: form(publicKey, pem) })).resolves.toBeDefined()
  })

  it('takes several keys while they are rotated', async () => {
    const old = await createCheckout().sandbox.publicKey()
    const { webhook, publicKey } = await notified()
    await expect(verifyWebhook(webhook.clone(), { publicKey: [old, publicKey] })).resolves.toBeDefined()
    await expect(verifyWebhook(webhook, { publicKey: [old] })).rejects.toMatchObject({ code: 'signature-invalid' })
  })

  it('is over the raw bytes: what parses to the same is not the same', async () => {
    const { altered, body, publicKey } = await notified()
    const cases = [
      `${body} `,
      JSON.stringify(JSON.parse(body), null, 1),
      body.replace('successful', 'failed'),
      '',
      `\ufeff${body}`,
    ]
    for (const changed of cases)
      await expect(verifyWebhook(altered({ body: changed }), { publicKey })).rejects.toMatchObject({
        name: 'WebhookError',
        code: 'signature-invalid',
        httpStatus: 401,
      })
  })

  it.each([
    ['no signature', { headers: { 'content-signature': '' } }, 'signature-missing', 401],
    ['a signature that is no base64', { headers: { 'content-signature': '%%%' } }, 'signature-missing', 401],
    ['another signature', { headers: { 'content-signature': btoa('x'.repeat(256)) } }, 'signature-invalid', 401],
    ['a body that is too large', { body: new Uint8Array(256 * 1024 + 1) }, 'body-too-large', 413],
  ])('refuses %s', async (_, change, code, httpStatus) => {
    const { altered, publicKey } = await notified()
    const error = await verifyWebhook(altered(change), { publicKey }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(WebhookError)
    expect(error).toMatchObject({ code, httpStatus })
  })

  it('refuses what has no headers at all', async () => {
    const { publicKey, webhook, body } = await notified()
    const bare = new Request('https://shop.test/', { method: 'POST', body })
    await expect(verifyWebhook(bare, { publicKey })).rejects.toMatchObject({ code: 'signature-missing' })
    const signed = new Request('https://shop.test/', {
      method: 'POST',
      body,
      headers: { 'content-signature': webhook.headers.get('content-signature') ?? '' },
    })
    await expect(verifyWebhook(signed, { publicKey, credentials })).rejects.toMatchObject({ code: 'unauthorized' })
  })

  it.each(['', '%', 'not a key', btoa('not a key')])('says that %j is no key', async (publicKey) => {
    const { webhook } = await notified()
    await expect(verifyWebhook(webhook, { publicKey })).rejects.toMatchObject({ code: 'config', httpStatus: 500 })
  })

  it.each([
    ['no options', undefined],
    ['no key', { publicKey: undefined }],
    ['a key that is none', { publicKey: 7 }],
    ['no credentials to compare with', { credentials: { shopId: '', secretKey: '' } }],
  ])('says of %s that it is a matter of configuration', async (_, options) => {
    const { webhook, publicKey } = await notified()
    const given = options && { publicKey, ...options }
    const error = await verifyWebhook(webhook, given as never).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(WebhookError)
    expect(error).toMatchObject({ code: 'config', httpStatus: 500 })
  })

  it('says that the body was read before', async () => {
    const { webhook, publicKey } = await notified()
    await webhook.text()
    await expect(verifyWebhook(webhook, { publicKey })).rejects.toMatchObject({
      name: 'WebhookError',
      message: expect.stringMatching(/^Cannot be checked: .*read/),
    })
  })

  it('refuses a signed body without a transaction', async () => {
    const { publicKey, sign } = await signing()
    for (const body of ['{}', 'null', '<html>', '{"transaction":{"uid":"x"}}'])
      await expect(verifyWebhook(await sign(body), { publicKey })).rejects.toMatchObject({
        code: 'body-invalid',
        httpStatus: 400,
      })
  })

  it('checks the credentials as a second factor, if it has them', async () => {
    const { webhook, altered, publicKey } = await notified()
    await expect(verifyWebhook(webhook, { publicKey, credentials })).resolves.toBeDefined()
    for (const authorization of ['', 'Basic', `Basic ${btoa('361:wrong')}`, 'Bearer x'])
      await expect(
        verifyWebhook(altered({ headers: { authorization } }), { publicKey, credentials }),
      ).rejects.toMatchObject({
        code: 'unauthorized',
        httpStatus: 401,
      })
  })
})

describe('deliver()', () => {
  it('settles the task that is observed, once, however often the webhook comes', async () => {
    const { task, webhook, publicKey, sandbox, clock } = await notified()
    const seen = record(task)
    const transaction = await verifyWebhook(webhook, { publicKey })
    expect(task.deliver(transaction)).toBe(true)
    expect(task.getSnapshot()).toMatchObject({ status: 'result', via: 'webhook', transaction })
    expect(seen.end).toBe('complete')
    expect(task.deliver(transaction)).toBe(false)
    const asked = sandbox.requests().length
    await clock.advance(600_000)
    expect(sandbox.requests()).toHaveLength(asked)
  })

  it('while the credentials of a poll are fetched leaves the poll unsent', async () => {
    const basic = basicAuth(credentials)
    let wait = async (): Promise<void> => {}
    const auth: ClientOptions['auth'] = (context) => wait().then(() => basic(context))
    const { task, webhook, publicKey, sandbox, clock } = await notified({}, { auth })
    wait = () => new Promise((resolve) => clock.setTimeout(resolve, 5000))
    const asked = sandbox.requests().length
    void task.poll()
    await clock.advance(100)
    expect(task.deliver(await verifyWebhook(webhook, { publicKey }))).toBe(true)
    await clock.advance(600_000)
    expect(sandbox.requests()).toHaveLength(asked)
  })

  it.each(['status', 'lookup'] as const)(
    'shows the same from then on, whatever a %s in flight brings',
    async (asked) => {
      const { task, webhook, publicKey, sandbox, clock } = await notified()
      const transaction = await verifyWebhook(webhook, { publicKey })
      sandbox.fault({ on: asked, kind: 'delay', ms: 5000 })
      void (asked === 'status' ? task.poll() : task.lookup())
      await clock.advance(100)
      expect(task.deliver(transaction)).toBe(true)
      const shown = task.getSnapshot()
      await clock.advance(10_000)
      expect(task.getSnapshot()).toBe(shown)
    },
  )

  it('takes nothing but what was verified', async () => {
    const { task, webhook, publicKey } = await notified()
    const transaction = await verifyWebhook(webhook, { publicKey })
    expect(task.deliver({ ...transaction })).toBe(false)
    expect(task.deliver(JSON.parse(JSON.stringify(transaction)))).toBe(false)
    expect(task.getSnapshot().status).toBe('processing')
  })

  it.each([
    ['another order', { tracking_id: 'another' }],
    ['another amount', { amount: 1 }],
    ['another currency', { currency: 'USD' }],
  ])('takes nothing that is about %s', async (_, fields) => {
    const { client, clock, webhook, publicKey, request } = await notified()
    const transaction = await verifyWebhook(webhook, { publicKey })
    const task = client.submit('payments', { ...request, ...fields, duplicate_check: false })
    await clock.until(task.accepted())
    expect(task.deliver(transaction)).toBe(false)
  })

  it('takes nothing about a later try at the same order, once it knows its own transaction', async () => {
    const { client, clock, task, webhook, publicKey, request } = await notified()
    const later = await verifyWebhook(webhook, { publicKey })
    const { amount, currency, tracking_id } = request
    const fields = { amount, currency, tracking_id, duplicate_check: false }
    const declined = client.submit('payments', order(fields, cards.declined))
    expect(await clock.until(declined.result())).toMatchObject({ status: 'failed' })
    expect(declined.deliver(later)).toBe(false)
    expect(declined.getSnapshot()).toMatchObject({ transaction: { status: 'failed' } })
    expect(task.deliver(later)).toBe(true)
  })

  it.each([undefined, null, 'text', 7, {}])('takes nothing of %j', async (value) => {
    const { task } = await notified()
    expect(task.deliver(value as never)).toBe(false)
  })

  it.each([0, -3_600_000, 3_600_000])(
    'takes no earlier try at the order that failed, by the clock of the gateway, off by %i ms',
    async (skewMs) => {
      const { publicKey, sign } = await signing()
      const { client, clock } = createCheckout({}, { skewMs })
      await clock.advance(3_600_000)
      const gatewayNow = clock.now() + skewMs
      const delivered = async (status: string, ageMs: number, created = new Date(gatewayNow - ageMs).toISOString()) => {
        const task = client.submit('payments', order({ amount: 5, tracking_id: 'tries', duplicate_check: false }))
        await clock.until(task.accepted())
        const fields = { status, type: 'payment', amount: 5, currency: 'KZT', tracking_id: 'tries' }
        const body = JSON.stringify({ transaction: { ...fields, created_at: created } })
        const taken = task.deliver(await verifyWebhook(await sign(body), { publicKey }))
        expect(task.getSnapshot().status).toBe(taken ? 'result' : 'processing')
        return taken
      }
      expect(await delivered('failed', 3000)).toBe(false)
      expect(await delivered('incomplete', 3000)).toBe(false)
      expect(await delivered('failed', 1000)).toBe(true)
      expect(await delivered('successful', 299_000)).toBe(true)
      expect(await delivered('successful', 86_400_000)).toBe(true)
      expect(await delivered('failed', 0, 'some day')).toBe(true)
    },
  )

  it('turns `unknown` and `gateway-error` into a result, and leaves every other ending as it is', async () => {
    const { client, clock, sandbox, webhook, publicKey, request } = await notified()
    const transaction = await verifyWebhook(webhook, { publicKey })
    sandbox.fault({ on: 'submit', kind: 'forget' })
    sandbox.fault({ on: 'lookup', kind: 'http', status: 200, body: { transactions: [] }, times: 1e9 })
    const unknown = client.submit('payments', { ...request, duplicate_check: false })
    expect(await clock.until(unknown.outcome())).toMatchObject({ status: 'unknown' })
    expect(unknown.deliver(transaction)).toBe(true)
    expect(unknown.getSnapshot()).toMatchObject({ status: 'result', via: 'webhook' })

    sandbox.fault({ on: 'submit', kind: 'error' })
    const failed = client.submit('payments', { ...request, duplicate_check: false })
    expect(await clock.until(failed.outcome())).toMatchObject({ error: { code: 'gateway-error' } })
    expect(failed.deliver(transaction)).toBe(true)
    expect(failed.getSnapshot()).toMatchObject({ status: 'result', via: 'webhook' })

    sandbox.fault({ on: 'submit', kind: 'drop-before', times: 3 })
    const lost = client.submit('payments', { ...request, duplicate_check: false })
    const outcome = await clock.until(lost.outcome())
    expect(lost.deliver(transaction)).toBe(false)
    expect(lost.getSnapshot()).toBe(outcome)
  })

  it('settles a task that nobody observes, even before the gateway acknowledged it', async () => {
    const { client, clock, sandbox, webhook, publicKey, request } = await notified()
    const transaction = await verifyWebhook(webhook, { publicKey })
    sandbox.fault({ on: 'submit', kind: 'delay', ms: 5000 })
    const task = client.submit('payments', { ...request, duplicate_check: false })
    await clock.advance(1)
    expect(task.deliver(transaction)).toBe(true)
    expect(task.getSnapshot()).toMatchObject({ status: 'result', via: 'webhook' })
    await clock.advance(60_000)
    expect(task.getSnapshot()).toMatchObject({ status: 'result', via: 'webhook' })
  })

  it('settles a task whose acknowledgement is still being written to a slow journal, and stays the answer', async () => {
    const { clock, restart, webhook, publicKey, request } = await notified()
    const transaction = await verifyWebhook(webhook, { publicKey })
    const journal = memoryJournal()
    let writes = 0
    const setItem = async (key: string, value: string): Promise<void> => {
      writes += 1
      if (writes === 2) await new Promise<void>((resolve) => clock.setTimeout(resolve, 3000))
      journal.setItem(key, value)
    }
    const client = restart({ journal: { ...journal, setItem } })
    const task = client.submit('payments', { ...request, duplicate_check: false }, { requestKey: 'key-1' })
    const seen = record(task)
    await clock.advance(1)
    expect(writes).toBe(2)
    expect(task.deliver(transaction)).toBe(true)
    await clock.advance(60_000)
    expect(seen.statuses()).toEqual(['processing', 'result'])
    expect(task.getSnapshot()).toMatchObject({ status: 'result', via: 'webhook' })
    const [again] = await clock.until(restart({ journal }).recover())
    expect(again?.getSnapshot()).toMatchObject({ status: 'result', via: 'webhook' })
  })
})

describe('supersedes()', () => {
  const transaction = (status: string): Transaction => ({ uid: 'u', status })
  it.each([
    [undefined, 'failed', true],
    ['incomplete', 'failed', true],
    ['incomplete', 'successful', true],
    ['failed', 'successful', true],
    ['successful', 'failed', false],
    ['successful', 'incomplete', false],
    ['failed', 'incomplete', false],
    ['failed', 'failed', false],
    ['successful', 'successful', false],
  ])('after %s, %s is news: %s', (previous, next, news) => {
    expect(supersedes(previous === undefined ? undefined : transaction(previous), transaction(next))).toBe(news)
  })

  const [earlier, later] = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z']
  it.each([
    ['a newer correction', { manually_corrected_at: earlier }, { manually_corrected_at: later }, true],
    ['an older one', { manually_corrected_at: later }, { manually_corrected_at: earlier }, false],
    ['one where there was none', {}, { manually_corrected_at: earlier }, true],
    ['the state before it', { manually_corrected_at: earlier }, {}, false],
    ['one of the same time', { manually_corrected_at: earlier }, { manually_corrected_at: earlier }, false],
    ['one at a time that cannot be read', {}, { manually_corrected_at: 'soon' }, false],
    ['the amount alone', { amount: 100 }, { amount: 50, manually_corrected_at: earlier }, true],
    ['one of another transaction', {}, { uid: 'v', manually_corrected_at: earlier }, false],
  ])('takes back a success by %s: %s, %s, %s', (_, before, after, news) => {
    const status = 'amount' in after ? 'successful' : 'failed'
    expect(supersedes({ ...transaction('successful'), ...before }, { ...transaction(status), ...after })).toBe(news)
  })
})
