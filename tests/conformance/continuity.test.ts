/** Handles, journals, recovery: a payment survives a reload, a crash at every point, and a broken storage. */
import {
  basicAuth,
  type Journal,
  memoryJournal,
  type RecoverOptions,
  type TaskHandle,
  webStorageJournal,
} from '@async-transaction/core'
import type { Fault } from '@async-transaction/sandbox'
import { createStorage } from 'unstorage'
import { describe, expect, it, vi } from 'vitest'
import { cards, createCheckout, order, record } from './checkout.ts'

/** The entries of a journal, parsed. */
async function entries(journal: Journal): Promise<Record<string, unknown>[]> {
  const keys = await journal.getKeys()
  return Promise.all(keys.map(async (key) => JSON.parse(String(await journal.getItem(key)))))
}

/** An outcome as a journal replays it: every real transaction has the token of its card, and no journal holds one. */
const asJournaled = (outcome: object): object =>
  JSON.parse(JSON.stringify(outcome, (key, value) => (/^(token|card_number)$/.test(key) ? undefined : value)))

describe('a handle', () => {
  it('is plain JSON without a secret, and finds the task again in another client', async () => {
    const { client, clock, restart, sandbox } = createCheckout()
    const request = order()
    const task = client.submit('payments', request)
    const handle = await clock.until(task.accepted())
    expect(Object.keys(handle).sort()).toEqual(
      [
        'amount',
        'createdAt',
        'currency',
        'lost',
        'polls',
        'requestId',
        'requestKey',
        'responseUrl',
        'skewMs',
        'statusUrl',
        'trackingId',
        'type',
        'v',
      ].sort(),
    )
    const json = JSON.stringify(handle)
    expect(json).not.toMatch(/4200|secret/)
    expect(JSON.parse(json)).toEqual(handle)

    const resumed = restart().resume(JSON.parse(json))
    expect(await clock.until(resumed.result())).toMatchObject({
      status: 'successful',
      tracking_id: request.tracking_id,
    })
    expect(sandbox.charges(request.tracking_id)).toBe(1)
  })

  it('goes on where it was: what was completed is read, not asked for again', async () => {
    const { client, clock, restart, sandbox } = createCheckout({}, { latencyMs: 1000 })
    sandbox.fault({ on: 'result', kind: 'drop-before', times: 1e9 })
    const task = client.submit('payments', order())
    task.subscribe({})
    await clock.advance(4000)
    expect(task.getSnapshot()).toMatchObject({ status: 'completed' })
    task.stop()
    sandbox.clearFaults()
    const asked = sandbox.requests().length
    const resumed = restart().resume(task.handle as TaskHandle)
    const seen = record(resumed)
    await clock.until(resumed.outcome())
    expect(seen.statuses()).toEqual(['completed', 'result'])
    expect(
      sandbox
        .requests()
        .slice(asked)
        .map(({ operation }) => operation),
    ).toEqual(['result'])
  })

  it.each([
    ['a lost answer', { on: 'status', kind: 'truncate' }, { status: 'unknown', cause: 'answer-lost' }],
    [
      'last words',
      { on: 'status', kind: 'throttle', retryAfter: 1, message: 'The acquirer is down' },
      { status: 'error', error: { code: 'gateway-error', message: 'The acquirer is down' } },
    ],
  ] as [string, Fault, object][])(
    'that is older than the journal takes over what that knows: %s',
    async (_, fault, end) => {
      const journal = memoryJournal()
      const { client, clock, restart, sandbox } = createCheckout({ journal }, { latencyMs: 1000 })
      const task = client.submit('payments', order())
      const handle = await clock.until(task.accepted())
      sandbox.fault(fault)
      await clock.until(task.poll())
      const [known] = await entries(journal)
      await clock.advance(2000)
      sandbox.fault({ on: 'status', kind: 'forget' })
      sandbox.fault({ on: 'lookup', kind: 'http', status: 200, body: { transactions: [] }, times: 5 })
      const resumed = restart().resume(handle)
      await clock.until(resumed.poll())
      expect((await entries(journal))[0]).toMatchObject({ lost: known?.lost })
      expect(await clock.until(resumed.outcome())).toMatchObject(end)
      expect(Object.keys(resumed.handle as TaskHandle)).not.toContain('savedAt')
    },
  )

  it('drops the words of a proxy that has no answer yet once that knows better, in the journal as well', async () => {
    const journal = memoryJournal()
    const { client, clock, restart, sandbox } = createCheckout({ journal }, { latencyMs: 60_000 })
    const task = client.submit('payments', order())
    const handle = await clock.until(task.accepted())
    const { requestId } = handle
    const message = 'There is no answer yet: ask again'
    sandbox.fault({ on: 'status', kind: 'http', status: 503, headers: { 'retry-after': '1' }, body: { message } })
    await clock.until(task.poll())
    task.stop()
    await clock.advance(5000)
    const body = { status: 'unknown', request_id: requestId, cause: 'not-found' }
    sandbox.fault({ on: 'status', kind: 'http', status: 404, body })
    sandbox.fault({ on: 'lookup', kind: 'http', status: 200, body: { transactions: [] }, times: 5 })
    const outcome = await clock.until(restart().resume(handle).outcome())
    expect(outcome).toMatchObject({ status: 'unknown', cause: 'not-found' })
  })

  it('of a task that was recovered is the same as before', async () => {
    const journal = memoryJournal()
    const { client, clock, restart } = createCheckout({ journal })
    const handle = await clock.until(client.submit('payments', order()).accepted())
    const [task] = await clock.until(restart().recover())
    expect(task?.handle).toEqual(handle)
  })

  it('goes on with the lookup when the gateway no longer knows the task', async () => {
    const { client, clock, restart, sandbox } = createCheckout({}, { latencyMs: 1000 })
    sandbox.fault({ on: 'status', kind: 'forget', charged: true })
    sandbox.fault({ on: 'lookup', kind: 'drop-before', times: 1e9 })
    const task = client.submit('payments', order())
    task.subscribe({})
    await clock.advance(4100)
    task.stop()
    expect(task.handle).toMatchObject({ gone: 'not-found' })
    sandbox.clearFaults()
    const resumed = restart().resume(task.handle as TaskHandle)
    expect(resumed.getSnapshot()).toMatchObject({ status: 'processing' })
    expect(await clock.until(resumed.outcome())).toMatchObject({ status: 'result', via: 'lookup' })
  })

  it('of a payment whose POST is under way is the task of that, and asks for nothing beside it', async () => {
    const { client, clock, restart, sandbox } = createCheckout({}, { latencyMs: 1000 })
    const request = order()
    const handle = await clock.until(client.submit('payments', request, { requestKey: 'key-1' }).accepted())
    const page = restart()
    sandbox.fault({ on: 'submit', kind: 'delay', ms: 5000 })
    const task = page.submit('payments', request, { requestKey: 'key-1' })
    expect(page.resume(handle)).toBe(task)
    const asked = sandbox.requests().length
    expect(await clock.until(page.check(handle))).toMatchObject({ state: { status: 'submitting' }, handle })
    expect(sandbox.requests().length).toBeLessThanOrEqual(asked + 1)
    expect(await clock.until(task.result())).toMatchObject({ status: 'successful' })
    expect(sandbox.charges(request.tracking_id)).toBe(1)
  })

  it('is asked at once when it is resumed', async () => {
    const { client, clock, restart } = createCheckout({}, { latencyMs: 1000 })
    const handle = await clock.until(client.submit('payments', order()).accepted())
    await clock.advance(2000)
    const resumed = restart().resume(handle)
    resumed.subscribe({})
    await clock.advance(0)
    expect(resumed.getSnapshot()).toMatchObject({ status: 'result' })
  })
})

describe('the journal', () => {
  it('has the entry before the first byte leaves', async () => {
    const journal = memoryJournal()
    const phases: unknown[] = []
    const { client, clock, sandbox } = createCheckout({
      journal,
      fetch: async (request: Request) => {
        phases.push((await entries(journal))[0]?.phase)
        return sandbox.fetch(request)
      },
    })
    await clock.until(client.submit('payments', order()).outcome())
    expect(new Set(phases)).toEqual(new Set(['submitting', 'accepted']))
    expect(phases[0]).toBe('submitting')
    expect((await entries(journal))[0]).toMatchObject({ phase: 'settled' })
  })

  it('waits for a slow storage before it sends', async () => {
    const journal = memoryJournal()
    const { client, clock, sandbox } = createCheckout({
      journal: {
        ...journal,
        setItem: async (key, value) => {
          await new Promise<void>((resolve) => clock.setTimeout(resolve, 1000))
          journal.setItem(key, value)
        },
      },
    })
    client.submit('payments', order())
    await clock.advance(999)
    expect(sandbox.requests()).toHaveLength(0)
    await clock.advance(1)
    expect(sandbox.requests()).toHaveLength(1)
  })

  it('has the answer before an observer has', async () => {
    const journal = memoryJournal()
    const { client, clock } = createCheckout({ journal })
    const task = client.submit('payments', order())
    let phase: unknown
    task.subscribe(async ({ status }) => {
      if (status !== 'result') return
      const [key = ''] = (await journal.getKeys()) as string[]
      phase = JSON.parse(String(journal.getItem(key))).phase
    })
    await clock.until(task.outcome())
    await clock.advance(0)
    expect(phase).toBe('settled')
  })

  it('never holds card data, neither of the request nor of the answer', async () => {
    const journal = memoryJournal()
    const { client, clock, sandbox } = createCheckout({ journal })
    const values: string[] = []
    const setItem = vi.spyOn(journal, 'setItem').mockImplementation((_, value) => values.push(value))
    const request = order()
    await clock.until(
      client.submit('payments', { ...request, credit_card: { ...request.credit_card, save_card: true } }).outcome(),
    )
    sandbox.fault({ on: 'submit', kind: 'http', status: 422, body: { message: 'Card 4200000000000000 is blocked' } })
    await clock.until(client.submit('payments', order()).outcome())
    expect(setItem).toHaveBeenCalled()
    expect(values.join()).toContain('last_4')
    expect(values.join()).not.toMatch(/4200000000000000|verification_value|"token"|a-secret-key/)
  })

  it.each([
    ['memoryJournal', () => memoryJournal()],
    ['webStorageJournal', () => webStorageJournal(webStorage())],
    ['an unstorage instance', () => createStorage()],
  ] as [string, () => Journal][])('may be %s', async (_, create) => {
    const journal = create()
    const { client, clock, restart, sandbox } = createCheckout({ journal })
    const request = order()
    await clock.until(
      client.submit('payments', request, { requestKey: 'key/1 ü?'.replace('ü', 'u').replace(' ', '-') }).accepted(),
    )
    const [task] = await clock.until(restart().recover())
    expect(await clock.until(task?.result() as Promise<unknown>)).toMatchObject({ status: 'successful' })
    expect(sandbox.charges(request.tracking_id)).toBe(1)
    await clock.advance(2 * 86_400_000)
    await clock.until(restart().recover())
    expect(await journal.getKeys()).toEqual([])
  })
})

describe('a web storage', () => {
  it('that shrinks while it is read is read without harm', async () => {
    const journal = webStorageJournal({ ...webStorage(), length: 2, key: (index) => (index ? null : 'other') })
    expect(await journal.getKeys()).toEqual(['other', ''])
    expect(await createCheckout({ journal }).client.recover()).toEqual([])
  })
})

describe('a storage', () => {
  const broken = (): never => {
    throw new Error('QuotaExceededError')
  }
  const rejecting = (): Promise<never> => Promise.reject(new Error('full'))
  const hanging = (): Promise<never> => new Promise(() => {})
  it.each([
    ['throws', broken],
    ['rejects', rejecting],
    ['hangs', hanging],
  ])('that %s never stops a payment, and is reported', async (_, fail) => {
    const journal: Journal = { getItem: fail, setItem: fail, removeItem: fail, getKeys: fail }
    const { client, clock, sandbox, events } = createCheckout({ journal })
    const request = order()
    const task = client.submit('payments', request, { requestKey: 'key-1' })
    expect(await clock.until(task.result())).toMatchObject({ status: 'successful' })
    expect(sandbox.charges(request.tracking_id)).toBe(1)
    expect(events).toContainEqual(expect.objectContaining({ type: 'warning', warning: 'journal-failed' }))
    expect(await clock.until(client.recover())).toEqual([])
    expect(clock.pending).toBe(0)
  })

  it.each([
    ['throws', broken],
    ['hangs', hanging],
  ])('that %s stops the payment before anything is sent, if it is required', async (_, fail) => {
    const journal: Journal = { getItem: fail, setItem: fail, removeItem: fail, getKeys: fail }
    const { client, clock, sandbox } = createCheckout({ journal, journalRequired: true })
    const outcome = await clock.until(client.submit('payments', order()).outcome())
    expect(outcome).toMatchObject({ error: { code: 'config', effect: 'none' } })
    expect(sandbox.requests()).toHaveLength(0)
  })

  it('that hangs when a submission is given up shows that end to no task of the next one', async () => {
    const journal = memoryJournal()
    const { getItem } = journal
    const { client, clock, sandbox } = createCheckout({ journal })
    const request = order()
    sandbox.fault({ on: 'submit', kind: 'drop-after', times: 3 })
    sandbox.fault({ on: 'lookup', kind: 'html', times: 5 })
    const lost = client.submit('payments', request, { requestKey: 'key-1' })
    journal.getItem = (key) => (sandbox.requests().length < 8 ? getItem(key) : hanging())
    while (sandbox.requests().length < 8) await clock.advance(10)
    await clock.advance(1000)
    expect(lost.getSnapshot()).toEqual({ status: 'submitting' })
    const again = client.submit('payments', request, { requestKey: 'key-1' })
    journal.getItem = getItem
    expect(await clock.until(again.result())).toMatchObject({ status: 'successful' })
  })

  it('that breaks later does not stop a payment, though it is required', async () => {
    const journal = memoryJournal()
    const { client, clock } = createCheckout({ journal, journalRequired: true })
    const task = client.submit('payments', order())
    await clock.until(task.accepted())
    journal.setItem = broken
    expect(await clock.until(task.result())).toMatchObject({ status: 'successful' })
  })

  it('that writes slowly and out of order does not overwrite what is newer', async () => {
    const journal = memoryJournal()
    let writes = 0
    const { client, clock } = createCheckout(
      {
        journal: {
          ...journal,
          setItem: async (key, value) => {
            writes += 1
            await new Promise<void>((resolve) => clock.setTimeout(resolve, writes === 2 ? 4000 : 1))
            journal.setItem(key, value)
          },
        },
      },
      { latencyMs: 0 },
    )
    await clock.until(client.submit('payments', order()).outcome())
    expect((await entries(journal))[0]).toMatchObject({ phase: 'settled' })
  })

  it('leaves the payments of another shop, and of another gateway, alone', async () => {
    const journal = memoryJournal()
    const { client, clock, restart } = createCheckout({ journal })
    await clock.until(client.submit('payments', order()).accepted())
    const auth = basicAuth({ shopId: '362', secretKey: 'x' })
    expect(await clock.until(restart({ auth }).recover())).toEqual([])
    expect(await clock.until(restart({ baseUrl: 'https://other.test' }).recover())).toEqual([])
    expect(await clock.until(restart().recover())).toHaveLength(1)
  })

  it('of a handle from a process that was accepted goes on where this one was refused', async () => {
    const { client, clock, sandbox, restart } = createCheckout({}, { latencyMs: 1000 })
    const request = order()
    sandbox.fault({ on: 'submit', kind: 'http', status: 401, body: { message: 'No' } })
    const refused = client.submit('payments', request, { requestKey: 'key-1' })
    expect(await clock.until(refused.outcome())).toMatchObject({ error: { code: 'unauthorized', effect: 'none' } })
    const handle = await clock.until(restart().submit('payments', request, { requestKey: 'key-1' }).accepted())
    expect(await clock.until(client.resume(handle).outcome())).toMatchObject({ status: 'result', via: 'task' })
    expect(sandbox.charges(request.tracking_id)).toBe(1)
  })

  it('of a handle that knows of an error beyond this client is taken over', async () => {
    const { client, clock, sandbox, restart } = createCheckout({}, { latencyMs: 1000 })
    sandbox.fault({ on: 'submit', kind: 'error', body: { message: 'Boom' } })
    const task = client.submit('payments', order())
    const handle = await clock.until(task.accepted())
    await clock.advance(2000)
    const { handle: step } = await clock.until(restart().check(handle))
    expect(step).toMatchObject({ lastWords: { message: 'Boom' } })
    expect(client.resume(step)).toBe(task)
    expect(await clock.until(task.outcome())).toMatchObject({ error: { code: 'gateway-error', message: 'Boom' } })
  })

  it('with entries of others, of other versions, cut or forged is read without harm', async () => {
    const journal = memoryJournal()
    const { client, clock, sandbox } = createCheckout({ journal })
    const good = { v: 1, requestKey: 'k', trackingId: 't', type: 'payments', createdAt: 1, polls: 0, lost: 0 }
    const bad: [string, string][] = [
      ['someone-else', 'x'],
      ['async-transaction:1', '{"v":1,"requ'],
      ['async-transaction:2', JSON.stringify({ ...good, v: 2 })],
      ['async-transaction:3', JSON.stringify({ ...good, requestId: '../../x' })],
      ['async-transaction:4', 'null'],
      ['async-transaction:5', '[]'],
      ['async-transaction:6', JSON.stringify({ ...good, type: '../x' })],
      ['async-transaction:7', JSON.stringify({ ...good, ending: { status: 'paid' } })],
      ['async-transaction:8', '{"__proto__":{"v":1}}'],
    ]
    for (const [key, value] of bad) journal.setItem(key, value)
    expect(await clock.until(client.recover())).toEqual([])
    expect(sandbox.requests()).toHaveLength(0)
  })

  it('with endings that were tampered with does not break what shows them', async () => {
    const journal = memoryJournal()
    const { client, clock } = createCheckout({ journal })
    const good = { v: 1, trackingId: 't', type: 'payments', createdAt: 1, polls: 0, lost: 0, savedAt: clock.now() }
    const endings = [
      { status: 'error' },
      { status: 'error', code: 7, fault: 7 },
      { status: 'unknown' },
      { status: 'result' },
      { status: 'result', body: 7 },
    ]
    for (const [index, ending] of endings.entries())
      journal.setItem(
        `async-transaction:${index}`,
        JSON.stringify({ ...good, requestKey: `${index}`, requestId: 'id', ending }),
      )
    const tasks = await clock.until(client.recover())
    expect(tasks).toHaveLength(endings.length)
    for (const task of tasks) {
      record(task)
      await expect(clock.until(task.outcome())).resolves.toHaveProperty('status')
    }
  })
})

describe('recover()', () => {
  it('shows the answer that another process journaled, where this one ended without', async () => {
    const journal = memoryJournal()
    const { client, clock, sandbox, restart } = createCheckout({ journal }, { latencyMs: 1000 })
    sandbox.fault({ on: 'status', kind: 'http', status: 200, body: { status: 'processing', request_id: 'another' } })
    const task = client.submit('payments', order())
    expect(await clock.until(task.outcome())).toMatchObject({ error: { code: 'protocol' } })
    await clock.until(
      restart()
        .resume(task.handle as TaskHandle)
        .result(),
    )
    const [recovered] = await clock.until(client.recover())
    expect(await clock.until(recovered?.outcome() as Promise<object>)).toMatchObject({ status: 'result' })
  })

  it('shows a settled payment again without asking, for 24 hours, then purges it', async () => {
    const journal = memoryJournal()
    const { client, clock, restart, sandbox } = createCheckout({ journal })
    const outcome = await clock.until(client.submit('payments', order()).outcome())
    const asked = sandbox.requests().length

    const [again] = await clock.until(restart().recover())
    expect(again?.getSnapshot()).toEqual(asJournaled(outcome))
    await clock.advance(86_399_999)
    expect(await clock.until(restart().recover())).toHaveLength(1)
    await clock.advance(1)
    expect(await clock.until(restart().recover())).toHaveLength(0)
    expect(await journal.getKeys()).toEqual([])
    expect(sandbox.requests()).toHaveLength(asked)
  })

  it('takes the payments of one order, or so many', async () => {
    const { client, clock, restart } = createCheckout({ journal: memoryJournal() })
    for (const tracking_id of ['order-a', 'order-b', 'order-b', 'order-c'])
      await clock.until(client.submit('payments', order({ tracking_id })).outcome())
    const recovered = async (options: RecoverOptions): Promise<string[]> =>
      (await clock.until(restart().recover(options))).map(({ trackingId }) => trackingId).sort()
    expect(await recovered({})).toEqual(['order-a', 'order-b', 'order-b', 'order-c'])
    expect(await recovered({ trackingId: 'order-b' })).toEqual(['order-b', 'order-b'])
    expect(await recovered({ trackingId: 'order-d' })).toEqual([])
    expect(await recovered({ trackingId: 'order-b', limit: 1 })).toEqual(['order-b'])
    expect(await recovered({ limit: 3 })).toHaveLength(3)
  })

  it('purges a settled payment of an age that nobody knows', async () => {
    const journal = memoryJournal()
    const { client, clock, restart } = createCheckout({ journal })
    await clock.until(client.submit('payments', order()).outcome())
    for (const key of await journal.getKeys()) {
      const { savedAt, ...entry } = JSON.parse(String(journal.getItem(key)))
      journal.setItem(key, JSON.stringify(entry))
    }
    expect(await clock.until(restart().recover())).toEqual([])
    expect(await journal.getKeys()).toEqual([])
  })

  it('replays an error that the gateway gave once', async () => {
    const journal = memoryJournal()
    const { client, clock, restart, sandbox } = createCheckout({ journal })
    sandbox.fault({ on: 'submit', kind: 'error' })
    const outcome = await clock.until(client.submit('payments', order()).outcome())
    const asked = sandbox.requests().length
    const [again] = await clock.until(restart().recover())
    expect(JSON.parse(JSON.stringify(await again?.outcome()))).toEqual(JSON.parse(JSON.stringify(outcome)))
    expect(sandbox.requests()).toHaveLength(asked)
  })

  it('replays through resume() and through submit() under the same key as well', async () => {
    const journal = memoryJournal()
    const { client, clock, restart, sandbox } = createCheckout({ journal })
    const request = order()
    const task = client.submit('payments', request, { requestKey: 'key-1' })
    const outcome = await clock.until(task.outcome())
    const asked = sandbox.requests().length
    expect(
      await clock.until(
        restart()
          .resume(task.handle as TaskHandle)
          .outcome(),
      ),
    ).toEqual(asJournaled(outcome))
    expect(await clock.until(restart().submit('payments', request, { requestKey: 'key-1' }).outcome())).toEqual(
      asJournaled(outcome),
    )
    expect(sandbox.requests()).toHaveLength(asked)
  })

  it('returns what is under way in this client as it is', async () => {
    const journal = memoryJournal()
    const { client, clock } = createCheckout({ journal })
    const task = client.submit('payments', order())
    await clock.until(task.accepted())
    expect(await clock.until(client.recover())).toEqual([task])
  })

  it('knows last words in the same client that the journal could not keep', async () => {
    let full = false
    const { setItem, ...others } = memoryJournal()
    const refusing = (key: string, value: string) => (full ? Promise.reject(new Error('full')) : setItem(key, value))
    const { client, clock, sandbox } = createCheckout({
      journal: { ...others, setItem: refusing },
      schedule: () => 1000,
      deadlineMs: 1500,
    })
    sandbox.fault({ on: 'submit', kind: 'forget' })
    sandbox.fault({ on: 'status', kind: 'throttle', retryAfter: 1, message: 'The acquirer is down' })
    sandbox.fault({ on: 'status', nth: 2, kind: 'html', status: 502 })
    const task = client.submit('payments', order())
    await clock.until(task.accepted())
    full = true
    expect(await clock.until(task.outcome())).toMatchObject({ error: { code: 'deadline' } })
    const [again] = await clock.until(client.recover())
    expect(await clock.until(again?.outcome() as Promise<unknown>)).toMatchObject({
      error: { code: 'gateway-error', message: 'The acquirer is down' },
    })
  })

  it('looks a submission up that nobody heard of, and finds it', async () => {
    const journal = memoryJournal()
    const { client, clock, restart, sandbox } = createCheckout({ journal })
    sandbox.fault({ on: 'submit', kind: 'delay', ms: 80_000 })
    const request = order()
    client.submit('payments', request)
    await clock.advance(1000)
    const [task] = await clock.until(restart().recover())
    expect(task?.getSnapshot()).toEqual({ status: 'submitting' })
    expect(await clock.until(task?.outcome() as Promise<unknown>)).toMatchObject({ status: 'result', via: 'lookup' })
    expect(sandbox.charges(request.tracking_id)).toBe(1)
  })

  it('looks it up with the schedule until ten minutes after it was made, then says `submit-lost`', async () => {
    const journal = memoryJournal()
    const { client, clock, restart, sandbox } = createCheckout({ journal })
    sandbox.fault({ on: 'submit', kind: 'drop-before', times: 3 })
    await clock.until(client.submit('payments', order()).outcome())
    const madeAt = Number((await entries(journal))[0]?.createdAt)
    expect((await entries(journal))[0]).toMatchObject({ phase: 'submitting' })

    const [task] = await clock.until(restart().recover())
    expect(await clock.until(task?.outcome() as Promise<unknown>)).toMatchObject({
      error: { code: 'submit-lost', effect: 'unknown' },
    })
    expect(clock.now() - madeAt).toBeGreaterThanOrEqual(600_000)
    expect(clock.now() - madeAt).toBeLessThan(601_000)
    expect(sandbox.requests().filter(({ operation }) => operation === 'submit')).toHaveLength(3)
    expect((await entries(journal))[0]).toMatchObject({ phase: 'settled' })
  })

  it('gives it ten minutes from now at most, though the clock was set back since', async () => {
    const { client, clock, sandbox, restart } = createCheckout({ journal: memoryJournal() })
    sandbox.fault({ on: 'submit', kind: 'drop-before', times: 3 })
    await clock.until(client.submit('payments', order()).outcome())
    clock.jump(-86_400_000)
    const [task] = await restart().recover()
    const from = clock.now()
    expect(await clock.until(task?.outcome() as Promise<unknown>)).toMatchObject({ error: { code: 'submit-lost' } })
    expect(clock.now() - from).toBeLessThan(11 * 60_000)
  })

  it('finds nothing where there is no journal, and misses none', async () => {
    const { client, events } = createCheckout()
    expect(await client.recover()).toEqual([])
    expect(events).toEqual([])
  })

  it('asks nothing for a recovered payment that nobody observes', async () => {
    const journal = memoryJournal()
    const { client, clock, restart, sandbox } = createCheckout({ journal })
    await clock.until(client.submit('payments', order()).accepted())
    await clock.until(restart().recover())
    await clock.advance(600_000)
    expect(sandbox.requests()).toHaveLength(1)
  })

  it('lets the application submit again under the same key: the gateway answers as the first time', async () => {
    const journal = memoryJournal()
    const { client, clock, restart, sandbox } = createCheckout({ journal })
    sandbox.fault({ on: 'submit', kind: 'drop-after', times: 3 })
    const request = order()
    client.submit('payments', request, { requestKey: 'key-1' })
    await clock.advance(1)
    const again = restart().submit('payments', request, { requestKey: 'key-1' })
    expect(await clock.until(again.result())).toMatchObject({ status: 'successful' })
    expect(sandbox.charges(request.tracking_id)).toBe(1)
  })

  it('knows of a submission of the same client under the same key that nobody heard of, without any journal', async () => {
    const { client, clock, sandbox } = createCheckout()
    const request = order()
    sandbox.fault({ on: 'submit', kind: 'drop-after', times: 3 })
    for (const nth of [1, 2, 3, 4, 5]) sandbox.fault({ on: 'lookup', kind: 'html', nth })
    const first = await clock.until(client.submit('payments', request, { requestKey: 'key-1' }).outcome())
    expect(first).toMatchObject({ error: { code: 'submit-lost' } })
    await clock.advance(60_000)
    sandbox.fault({ on: 'submit', kind: 'http', status: 422, body: { message: 'no' } })
    const again = await clock.until(client.submit('payments', request, { requestKey: 'key-1' }).outcome())
    expect(again).toMatchObject({ status: 'result', transaction: { status: 'successful' } })
    expect(sandbox.charges(request.tracking_id)).toBe(1)
  })

  /** A process that died in the middle of its POST, which the gateway took or did not. */
  const died = async (taken: boolean) => {
    const journal = memoryJournal()
    const checkout = createCheckout({ journal }, { latencyMs: 1000 })
    const { clock, restart, sandbox } = checkout
    const request = order()
    const fetch = async (message: Request): Promise<Response> => {
      if (taken) await sandbox.fetch(message)
      return new Promise(() => {})
    }
    const stopped = { now: clock.now, setTimeout: () => 0, clearTimeout: () => {} }
    restart({ fetch, clock: stopped }).submit('payments', request, { requestKey: 'key-1' })
    await clock.advance(100)
    const slowLookups = async (message: Request): Promise<Response> => {
      if (message.url.includes('tracking_id')) await new Promise<void>((resolve) => clock.setTimeout(resolve, 300))
      return sandbox.fetch(message)
    }
    const client = restart({ fetch: slowLookups })
    const [task] = await clock.until(client.recover())
    if (!task) throw new Error('It is not in the journal')
    const count = (operation: string) => sandbox.requests().filter((each) => each.operation === operation).length
    const submit = () => client.submit('payments', request, { requestKey: 'key-1' })
    return { ...checkout, client, journal, request, task, count, submit }
  }

  it.each([true, false])(
    'sends what was recovered when it is submitted again, as the same task (taken: %s)',
    async (taken) => {
      const { clock, sandbox, task, count, submit, request } = await died(taken)
      expect(submit()).toBe(task)
      expect(await clock.until(task.result())).toMatchObject({ status: 'successful' })
      expect(count('submit')).toBe(taken ? 2 : 1)
      expect(sandbox.charges(request.tracking_id)).toBe(1)
    },
  )

  it.each(['a transaction', 'nothing', 'no answer', 'that it must wait'])(
    'and asked after: the lookup in flight ends first, and finds %s',
    async (found) => {
      const { clock, sandbox, task, count, submit, request } = await died(found === 'a transaction')
      if (found === 'no answer') sandbox.fault({ on: 'lookup', kind: 'html', status: 502 })
      if (found === 'that it must wait') sandbox.fault({ on: 'lookup', kind: 'throttle', retryAfter: 60 })
      await clock.advance(1000)
      task.subscribe({})
      await clock.advance(100)
      submit()
      await clock.advance(100)
      expect(count('submit')).toBe(found === 'a transaction' ? 1 : 0)
      expect(await clock.until(task.outcome())).toMatchObject({ transaction: { status: 'successful' } })
      expect(count('submit')).toBe(1)
      expect(sandbox.charges(request.tracking_id)).toBe(1)
    },
  )

  it('and submitted again a day later is looked up, not posted: the gateway has forgotten the key', async () => {
    const { clock, sandbox, task, count, submit, request } = await died(true)
    await clock.advance(25 * 3_600_000)
    submit()
    expect(await clock.until(task.outcome())).toMatchObject({ status: 'result', via: 'lookup' })
    expect([sandbox.charges(request.tracking_id), count('submit')]).toEqual([1, 1])
  })

  it('does not lose a submission of another process that is submitted again, and stopped before it was sent', async () => {
    const { clock, restart, journal, request } = await died(true)
    const again = restart().submit('payments', request, { requestKey: 'key-1' })
    again.stop()
    await clock.advance(1000)
    expect(await journal.getKeys()).toHaveLength(1)
    const [task] = await clock.until(restart().recover())
    expect(await clock.until(Promise.resolve(task?.outcome()))).toMatchObject({ status: 'result', via: 'lookup' })
  })

  it('asks after a task that was taken at the second try, though it is a day old', async () => {
    const journal = memoryJournal()
    const { client, clock, restart, sandbox } = createCheckout({ journal })
    sandbox.fault({ on: 'submit', kind: 'drop-after' })
    await clock.until(client.submit('payments', order()).accepted())
    await clock.advance(25 * 3_600_000)
    const [task] = await clock.until(restart().recover())
    expect(await clock.until(Promise.resolve(task?.outcome()))).toMatchObject({ status: 'result', via: 'lookup' })
    expect(sandbox.requests().map(({ operation }) => operation)).toEqual(['submit', 'submit', 'status', 'lookup'])
  })

  it('forgets what was refused before it touched the money, if that was no answer to the request', async () => {
    const journal = memoryJournal()
    const { client, clock, sandbox } = createCheckout({ journal })
    sandbox.fault({ on: 'submit', kind: 'http', status: 401, body: { message: 'no' } })
    await clock.until(client.submit('payments', order()).outcome())
    expect(await journal.getKeys()).toEqual([])
  })

  it('recovers 3-D Secure as the result it was', async () => {
    const journal = memoryJournal()
    const { client, clock, restart } = createCheckout({ journal })
    await clock.until(client.submit('payments', order({}, cards.threeDSecure)).outcome())
    const [task] = await clock.until(restart().recover())
    expect(task?.getSnapshot()).toMatchObject({ status: 'result', transaction: { status: 'incomplete' } })
  })
})

describe('a crash', () => {
  /** Runs a payment and lets the process die at its n-th await of storage or network; nothing of it runs on. */
  const crashAt = async (step: number, fault: 'none' | 'error') => {
    const journal = memoryJournal()
    let steps = 0
    const die = (): Promise<never> => new Promise(() => {})
    const mortal =
      <A extends unknown[], R>(act: (...args: A) => R) =>
      (...args: A): R | Promise<never> => {
        steps += 1
        return steps > step ? die() : act(...args)
      }
    const checkout = createCheckout({ journal })
    const { clock, restart, sandbox } = checkout
    if (fault === 'error') sandbox.fault({ on: 'submit', kind: 'error' })
    const request = order()
    const doomed = restart({
      journal: {
        getItem: mortal(journal.getItem),
        setItem: mortal(journal.setItem),
        removeItem: mortal(journal.removeItem),
        getKeys: mortal(journal.getKeys),
      },
      // The answer may have been given before the process dies, and never be heard.
      fetch: async (message: Request) => {
        const before = mortal(() => undefined)()
        if (before) await before
        const response = await sandbox.fetch(message)
        const after = mortal(() => undefined)()
        if (after) await after
        return response
      },
      // A dead process has no timers.
      clock: { ...clock, setTimeout: (callback, ms) => clock.setTimeout(() => steps <= step && callback(), ms) },
    })
    doomed.submit('payments', request).subscribe({})
    await clock.advance(20_000)
    return { ...checkout, request, reached: steps > step, client: restart() }
  }

  it('at every point leaves a payment that recover() brings to its outcome, and one charge at most', async () => {
    let step = 0
    for (; step < 100; step++) {
      const { client, clock, sandbox, request, reached } = await crashAt(step, 'none')
      if (!reached) break
      const [task] = await clock.until(client.recover())
      const charges = sandbox.charges(request.tracking_id)
      if (!task) {
        expect(charges).toBe(0)
        continue
      }
      const outcome = await clock.until(task.outcome())
      expect(charges).toBeLessThanOrEqual(1)
      if (charges === 1) expect(outcome).toMatchObject({ status: 'result', transaction: { status: 'successful' } })
      else expect(outcome).toMatchObject({ error: { code: 'submit-lost', effect: 'unknown' } })
    }
    expect(step).toBeGreaterThan(10)
  })

  it('around an error that is given once leaves the error, or `unknown`: never a success, never "not charged"', async () => {
    let step = 0
    const endings = new Set<string>()
    for (; step < 100; step++) {
      const { client, clock, reached } = await crashAt(step, 'error')
      if (!reached) break
      const [task] = await clock.until(client.recover())
      const outcome = task && (await clock.until(task.outcome()))
      endings.add(outcome?.status === 'error' ? outcome.error.code : (outcome?.status ?? 'nothing was sent'))
      if (outcome?.status === 'error') expect(outcome.error.effect).toBe('unknown')
    }
    expect(endings).toEqual(new Set(['nothing was sent', 'submit-lost', 'gateway-error', 'unknown']))
  })
})

describe('a handle of another payment under the same key', () => {
  it('is not mistaken for the one under way', async () => {
    const { client, clock, restart } = createCheckout()
    const [first, second] = [client.submit('payments', order()), restart().submit('payments', order())]
    const [, other] = await clock.until(Promise.all([first.accepted(), second.accepted()]))
    const forged = { ...other, requestKey: first.requestKey }
    expect(client.resume(forged)).not.toBe(first)
    expect((await clock.until(client.check(forged))).handle.requestId).toBe(other.requestId)
  })
})

describe('two processes with one journal', () => {
  it('the one that comes too late for an error finds it in the journal', async () => {
    const journal = memoryJournal()
    const { client, clock, restart, sandbox } = createCheckout({ journal }, { latencyMs: 1000 })
    sandbox.fault({ on: 'submit', kind: 'error' })
    const task = client.submit('payments', order())
    const handle = await clock.until(task.accepted())
    const other = restart().resume(handle)
    const seen = record(other)
    await clock.advance(0)
    const outcome = await clock.until(task.outcome())
    expect(outcome).toMatchObject({ error: { code: 'gateway-error' } })
    await clock.advance(60_000)
    expect(seen.end).toMatchObject({ code: 'gateway-error' })
  })
})

describe('two tabs that submit under one key', () => {
  it('the one that finds the other’s task in the journal sends nothing, and asks when it is observed', async () => {
    const journal = memoryJournal()
    const { client, clock, restart, sandbox } = createCheckout({ journal }, { latencyMs: 1000 })
    const request = order()
    await clock.until(client.submit('payments', request, { requestKey: 'key-1' }).accepted())
    const entry = journal.getItem('async-transaction:key-1')
    const reads: unknown[] = [null, entry]
    // It is written between the two times at which the other tab reads.
    const late = {
      ...journal,
      getItem: (key: string) => (reads.length ? reads.shift() : journal.getItem(key)) as string,
    }
    const asked = sandbox.requests().length
    const task = restart({ journal: late }).submit('payments', request, { requestKey: 'key-1' })
    await clock.advance(60_000)
    expect(sandbox.requests()).toHaveLength(asked)
    expect(await journal.getKeys()).toHaveLength(1)
    expect(await clock.until(task.result())).toMatchObject({ status: 'successful' })
    expect(sandbox.charges(request.tracking_id)).toBe(1)
  })
})

function webStorage(): Storage {
  const items = new Map<string, string>()
  return {
    get length() {
      return items.size
    },
    key: (index) => [...items.keys()][index] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
    clear: () => items.clear(),
  }
}
