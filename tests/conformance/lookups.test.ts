/** Lookups by tracking id and uid, and what a task makes of them. Never a guess between candidates. */
import { memoryJournal, type TaskHandle, UnknownOutcomeError } from '@async-transaction/core'
import { describe, expect, it } from 'vitest'
import { cards, createCheckout, order } from './checkout.ts'

/** A task that the gateway has forgotten, with what the lookup finds, given when it was submitted by the gateway's clock. */
async function forgotten(find: (submittedAt: number) => object[], { skewMs = 0, jumpMs = 0 } = {}) {
  const checkout = createCheckout({}, { latencyMs: 1000, skewMs })
  const { client, clock, sandbox } = checkout
  sandbox.fault({ on: 'submit', kind: 'forget' })
  const submittedAt = clock.now() + skewMs
  const task = client.submit('payments', order({ amount: 3245, currency: 'KZT' }))
  await clock.until(task.accepted())
  const date = new Date(submittedAt + 3000).toUTCString()
  sandbox.fault({
    on: 'lookup',
    kind: 'http',
    status: 200,
    body: { transactions: find(submittedAt) },
    headers: { date },
    times: 1e9,
  })
  clock.jump(jumpMs)
  return { ...checkout, outcome: await clock.until(task.outcome()) }
}

const transaction = (createdAt: number, fields: object = {}): object => ({
  uid: `uid-${createdAt}`,
  status: 'failed',
  type: 'payment',
  amount: 3245,
  currency: 'KZT',
  created_at: new Date(createdAt).toISOString(),
  ...fields,
})
const successful = (createdAt: number, fields: object = {}) =>
  transaction(createdAt, { status: 'successful', ...fields })

describe('the lookup of a task', () => {
  it('takes the only transaction that is left, whatever its status', async () => {
    for (const status of ['successful', 'failed', 'incomplete', 'expired', 'odd']) {
      const { outcome } = await forgotten((at) => [transaction(at, { status })])
      expect(outcome).toMatchObject({ status: 'result', via: 'lookup', transaction: { status } })
    }
  })

  it.each([
    ['another type', { type: 'refund' }],
    ['another amount', { amount: 3246 }],
    ['another currency', { currency: 'USD' }],
    ['no type', { type: undefined }],
    ['a type that is no text', { type: { toString: 1 } }],
  ])('passes over one of %s', async (_, fields) => {
    const { outcome } = await forgotten((at) => [successful(at, fields)])
    expect(outcome).toMatchObject({ status: 'unknown', candidates: [] })
  })

  it.each([null, undefined, 'garbage', { toString: 1 }])(
    'shows one whose time is %j, and takes it for nothing: it may be older',
    async (created_at) => {
      const { outcome } = await forgotten((at) => [successful(at, { created_at })])
      expect(outcome).toMatchObject({ status: 'unknown', candidates: [{ status: 'successful' }] })
      const beside = await forgotten((at) => [successful(at), transaction(at, { created_at })])
      expect(beside.outcome).toMatchObject({ status: 'result', transaction: { status: 'successful' } })
    },
  )

  it('takes a currency in other letters for the same', async () => {
    const { outcome } = await forgotten((at) => [successful(at, { currency: 'kzt' })])
    expect(outcome).toMatchObject({ status: 'result' })
  })

  it('passes over an older `failed` one: it says nothing about ours', async () => {
    const { outcome } = await forgotten((at) => [transaction(at - 2001)])
    expect(outcome).toMatchObject({ status: 'unknown', candidates: [] })
  })

  it('has two seconds of slack', async () => {
    const { outcome } = await forgotten((at) => [transaction(at - 1000)])
    expect(outcome).toMatchObject({ status: 'result', transaction: { status: 'failed' } })
  })

  it('takes a `successful` one that is up to five minutes older: the order is paid', async () => {
    const { outcome } = await forgotten((at) => [successful(at - 299_000)])
    expect(outcome).toMatchObject({ status: 'result', transaction: { status: 'successful' } })
    const older = await forgotten((at) => [successful(at - 303_000)])
    expect(older.outcome).toMatchObject({ status: 'unknown' })
  })

  it('takes the only `successful` one of several', async () => {
    const { outcome } = await forgotten((at) => [transaction(at), successful(at + 1), transaction(at + 2)])
    expect(outcome).toMatchObject({ status: 'result', transaction: { uid: expect.stringMatching(/001$/) } })
  })

  it.each([
    ['two successful ones', (at: number) => [successful(at), successful(at + 1)]],
    ['two failed ones', (at: number) => [transaction(at), transaction(at + 1)]],
  ])('never chooses between %s, but shows them', async (_, find) => {
    const { outcome } = await forgotten(find)
    expect(outcome).toMatchObject({ status: 'unknown', candidates: [{ type: 'payment' }, { type: 'payment' }] })
  })

  it.each([-3_600_000, 3_600_000])('goes by the clock of the gateway, when ours is off by %i ms', async (skewMs) => {
    const late = await forgotten((at) => [transaction(at + 500)], { skewMs })
    expect(late.outcome).toMatchObject({ status: 'result' })
    const old = await forgotten((at) => [transaction(at - 4000)], { skewMs })
    expect(old.outcome).toMatchObject({ status: 'unknown' })
  })

  it('goes by the clock of the gateway, off by less than the slack, and by its whole seconds', async () => {
    const checkout = createCheckout({
      fetch: async (request: Request) => {
        made ??= new Date(clock.now() - 1900).toUTCString()
        if (request.method === 'POST') await new Promise<void>((resolve) => clock.setTimeout(resolve, 60))
        const body =
          request.method === 'POST'
            ? { status: 'processing', request_id: 'task-1' }
            : request.url.includes('/async/')
              ? { status: 'unknown', request_id: 'task-1' }
              : { transactions: [transaction(0, { created_at: made })] }
        const headers = { date: new Date(clock.now() - 1900).toUTCString() }
        return Response.json(body, { headers })
      },
    })
    let made: string | undefined
    const { client, clock } = checkout
    await clock.advance(2890)
    expect(await clock.until(client.submit('payments', order({ amount: 3245 })).outcome())).toMatchObject({
      status: 'result',
      via: 'lookup',
    })
  })

  it.each([-3_600_000, 3_600_000])('is not misled by a clock of ours that was set by %i ms since', async (jumpMs) => {
    const ours = await forgotten((at) => [transaction(at + 500)], { jumpMs })
    expect(ours.outcome).toMatchObject({ status: 'result' })
    const older = await forgotten((at) => [transaction(at - 4000)], { jumpMs })
    expect(older.outcome).toMatchObject({ status: 'unknown' })
  })

  it.each([-3_600_000, 3_600_000])(
    'of a lost submission goes by the clock of the gateway, off by %i ms, as well',
    async (skewMs) => {
      const { client, clock, sandbox } = createCheckout({}, { latencyMs: 0, skewMs })
      sandbox.fault({ on: 'submit', kind: 'drop-after', times: 3 })
      expect(await clock.until(client.submit('payments', order({}, cards.declined)).outcome())).toMatchObject({
        status: 'result',
        via: 'lookup',
      })
    },
  )
})

describe('task.lookup()', () => {
  it.each([
    ['without', undefined],
    ['with', memoryJournal()],
  ])('may turn `unknown` into a result, which late observers see (%s a journal)', async (_, journal) => {
    const { client, clock, sandbox, events } = createCheckout(journal && { journal }, { latencyMs: 1000 })
    sandbox.fault({ on: 'status', kind: 'forget', charged: true })
    sandbox.fault({ on: 'lookup', kind: 'http', status: 200, body: { transactions: [] }, times: 5 })
    const task = client.submit('payments', order())
    expect(await clock.until(task.outcome())).toMatchObject({ status: 'unknown' })
    expect(await clock.until(task.lookup())).toMatchObject({ status: 'result', via: 'lookup' })
    expect(await task.outcome()).toMatchObject({ status: 'result' })
    expect(events.filter(({ type }) => type === 'settled')).toMatchObject([
      { status: 'unknown' },
      { status: 'result', via: 'lookup' },
    ])
  })

  it('changes nothing when it finds nothing, or is lost', async () => {
    const { client, clock, sandbox } = createCheckout({}, { latencyMs: 1000 })
    sandbox.fault({ on: 'submit', kind: 'forget' })
    const task = client.submit('payments', order())
    const outcome = await clock.until(task.outcome())
    sandbox.fault({ on: 'lookup', kind: 'drop-before' })
    expect(await clock.until(task.lookup())).toBe(outcome)
    expect(await clock.until(task.lookup())).toBe(outcome)
  })

  it('counts the second list that shows a declined payment, also while its lookups wait for an observer', async () => {
    const { client, clock, sandbox } = createCheckout({}, { latencyMs: 1000 })
    sandbox.fault({ on: 'status', kind: 'forget', charged: true })
    sandbox.fault({ on: 'lookup', kind: 'http', status: 200, body: { transactions: [] }, times: 6 })
    const task = client.submit('payments', order({}, cards.declined))
    expect(await clock.until(task.outcome())).toMatchObject({ status: 'unknown' })
    await clock.advance(120_000)
    await clock.until(client.check(task.handle as TaskHandle))
    await clock.until(task.lookup())
    expect(await clock.until(task.lookup())).toMatchObject({ status: 'result', transaction: { status: 'failed' } })
  })

  it('counts no loss while the task is processing', async () => {
    const { client, clock, sandbox } = createCheckout()
    const task = client.submit('payments', order())
    await clock.until(task.accepted())
    sandbox.fault({ on: 'lookup', kind: 'drop-before' })
    await clock.until(task.lookup())
    expect(task.handle).toMatchObject({ lost: 0, polls: 0 })
    expect(await clock.until(task.result())).toMatchObject({ status: 'successful' })
  })
})

describe('find()', () => {
  it('gives what is under a tracking id, newest first, and what has a uid', async () => {
    const { client, clock } = createCheckout()
    const first = await clock.until(client.submit('payments', order({ tracking_id: 'a/b' })).result())
    const second = await clock.until(client.submit('payments', order({ tracking_id: 'a/b' }, cards.declined)).result())
    expect((await clock.until(client.find({ trackingId: 'a/b' }))).map(({ uid }) => uid)).toEqual([
      second.uid,
      first.uid,
    ])
    expect(await clock.until(client.find({ uid: first.uid as string }))).toMatchObject([{ status: 'successful' }])
  })

  it('gives nothing for what the gateway does not know', async () => {
    const { client, clock } = createCheckout()
    expect(await clock.until(client.find({ trackingId: 'nobody' }))).toEqual([])
    expect(await clock.until(client.find({ uid: 'nobody' }))).toEqual([])
  })

  it.each([
    ['the connection drops', { on: 'lookup', kind: 'drop-before' } as const, 'unknown-outcome'],
    ['a page comes back', { on: 'lookup', kind: 'html' } as const, 'unknown-outcome'],
    ['the credentials are refused', { on: 'lookup', kind: 'http', status: 401 } as const, 'unauthorized'],
    [
      'the gateway says why',
      { on: 'lookup', kind: 'http', status: 500, body: { message: 'Down' } } as const,
      'gateway-error',
    ],
  ])('throws when %s', async (_, fault, code) => {
    const { client, clock, sandbox } = createCheckout()
    sandbox.fault(fault)
    const error = await clock.until(client.find({ trackingId: 'x' }).catch((thrown: unknown) => thrown))
    expect(error).toMatchObject({ code, effect: 'unknown', trackingId: 'x' })
    expect(error instanceof UnknownOutcomeError && error.cause).toBe(code === 'unknown-outcome' && 'answer-lost')
  })

  it('has no HTTP status where there was no answer', async () => {
    const { client, clock, sandbox } = createCheckout()
    sandbox.fault({ on: 'lookup', kind: 'drop-before' })
    const error = await clock.until(client.find({ uid: 'x' }).catch((thrown: unknown) => thrown))
    expect(error).not.toHaveProperty('httpStatus')
  })

  it.each([undefined, null, {}, { uid: '' }, { uid: '..' }, { trackingId: '\ud800' }, { trackingId: 7 }])(
    'refuses to look for %j, and sends nothing',
    async (by) => {
      const { client, sandbox } = createCheckout()
      await expect(client.find(by as never)).rejects.toMatchObject({ code: 'request-invalid', effect: 'none' })
      expect(sandbox.requests()).toEqual([])
    },
  )
})
