/** Deadlines read the clock; delays are clamped; nothing storms and nothing stalls. */
import { fixedSchedule, memoryJournal, type Schedule } from '@async-transaction/core'
import { describe, expect, it, vi } from 'vitest'
import { createCheckout, order, record } from './checkout.ts'

const everySecond = fixedSchedule({ intervalMs: 1000 })

describe('the deadline', () => {
  it('counts from the acknowledgement, also of a submission that was recovered and submitted again', async () => {
    const options = { journal: memoryJournal(), deadlineMs: 20_000 }
    const { client, clock, sandbox } = createCheckout(options, { latencyMs: 1e9 })
    const request = order()
    sandbox.fault({ on: 'submit', kind: 'drop-before', times: 3 })
    await clock.until(client.submit('payments', request, { requestKey: 'key-1' }).outcome())
    await clock.advance(30_000)
    await clock.until(client.recover())
    const task = client.submit('payments', request, { requestKey: 'key-1' })
    await clock.until(task.accepted())
    const acceptedAt = clock.now()
    expect(await clock.until(task.outcome())).toMatchObject({ error: { code: 'deadline' } })
    expect(clock.now() - acceptedAt).toBeLessThan(21_000)
  })

  it('is 24 hours from the acknowledgement by default', async () => {
    const { client, clock } = createCheckout({ schedule: fixedSchedule({ intervalMs: 600_000 }) }, { latencyMs: 1e9 })
    const task = client.submit('payments', order())
    await clock.until(task.accepted())
    const takenAt = clock.now()
    expect(await clock.until(task.outcome())).toMatchObject({ status: 'unknown', cause: 'expired' })
    // Then it is looked up for ten seconds and a bit.
    expect(clock.now() - takenAt - 86_400_000).toBeGreaterThanOrEqual(10_000)
    expect(clock.now() - takenAt - 86_400_000).toBeLessThan(15_000)
  })

  it('that is shorter ends in `deadline`, after a last question, and can be resumed', async () => {
    const { client, clock, sandbox } = createCheckout(
      { schedule: everySecond, deadlineMs: 4500 },
      { latencyMs: 20_000 },
    )
    const task = client.submit('payments', order())
    await clock.until(task.accepted())
    const takenAt = clock.now()
    expect(await clock.until(task.outcome())).toMatchObject({ error: { code: 'deadline', effect: 'unknown' } })
    expect(clock.now() - takenAt).toBe(4500)
    expect(sandbox.requests().at(-1)).toMatchObject({ operation: 'status', at: takenAt + 4500 })

    await clock.advance(20_000)
    const resumed = client.resume(task.handle as never)
    expect(resumed).not.toBe(task)
    expect(await clock.until(resumed.result())).toMatchObject({ status: 'successful' })
  })

  it('lets a task that completed at the last moment be read', async () => {
    const { client, clock } = createCheckout({ schedule: everySecond, deadlineMs: 5000 }, { latencyMs: 4500 })
    expect(await clock.until(client.submit('payments', order()).result())).toMatchObject({ status: 'successful' })
  })

  it('does not count while nobody observes', async () => {
    const { client, clock } = createCheckout({ schedule: everySecond, deadlineMs: 5000 }, { latencyMs: 8000 })
    const task = client.submit('payments', order())
    await clock.advance(60_000)
    expect(task.getSnapshot()).toMatchObject({ status: 'processing' })
    expect(await clock.until(task.result())).toMatchObject({ status: 'successful' })
  })

  it('asks once all the same for a handle that is older than 24 hours', async () => {
    const { client, clock, sandbox } = createCheckout({}, { latencyMs: 1e9 })
    const handle = await clock.until(client.submit('payments', order()).accepted())
    const resumed = client.resume({ ...handle, requestKey: 'other', createdAt: handle.createdAt - 90_000_000 })
    expect(await clock.until(resumed.outcome())).toMatchObject({ error: { code: 'deadline' } })
    expect(sandbox.requests().filter(({ operation }) => operation === 'status')).toHaveLength(1)
  })

  it('is read from the clock: sleep counts, and timers that come late do not delay it', async () => {
    const { client, clock } = createCheckout({ schedule: everySecond, deadlineMs: 60_000 }, { latencyMs: 1e9 })
    const task = client.submit('payments', order())
    const seen = record(task)
    await clock.advance(1500)
    clock.jump(3_600_000)
    await clock.advance(1200)
    expect(seen.end).toMatchObject({ code: 'deadline' })
  })

  it('survives a clock that is set back: questions go on, no wait is stretched', async () => {
    const { client, clock, sandbox } = createCheckout({ schedule: everySecond }, { latencyMs: 1e9 })
    const task = client.submit('payments', order())
    const first = task.subscribe(() => {})
    await clock.advance(1500)
    clock.jump(-86_400_000)
    await clock.advance(3000)
    first.unsubscribe()
    clock.jump(-86_400_000)
    task.subscribe(() => {})
    const before = sandbox.requests().length
    await clock.advance(5000)
    expect(sandbox.requests().length - before).toBeGreaterThanOrEqual(4)
    expect(task.getSnapshot()).toMatchObject({ status: 'processing', elapsedMs: expect.toSatisfy((ms) => ms > 3000) })
  })
})

describe('a clock that is set back', () => {
  it('takes nothing from the time that has passed: the schedule does not begin again, nor storm', async () => {
    const { client, clock, sandbox } = createCheckout({}, { latencyMs: 1e9 })
    client.submit('payments', order()).subscribe({})
    await clock.advance(600_000)
    clock.jump(-86_400_000)
    const before = sandbox.requests().length
    await clock.advance(600_000)
    expect(sandbox.requests().length - before).toBeLessThan(60)
  })

  it('makes no storm of a payment that was submitted in its future, and recovered', async () => {
    const journal = memoryJournal()
    const { client, clock, restart, sandbox } = createCheckout({ journal })
    sandbox.fault({ on: 'submit', kind: 'drop-before', times: 3 })
    client.submit('payments', order(), { requestKey: 'key-1' })
    await clock.advance(1)
    clock.jump(-3_600_000)
    const [task] = await clock.until(restart().recover())
    const before = sandbox.requests().length
    task?.subscribe({})
    await clock.advance(1_200_000)
    expect(sandbox.requests().length - before).toBeLessThan(120)
    expect(task?.getSnapshot()).toMatchObject({ status: 'error', error: { code: 'submit-lost' } })
  })
})

describe('a schedule', () => {
  it.each([
    ['NaN', () => Number.NaN],
    ['a negative', () => -1],
    ['infinity', () => Number.POSITIVE_INFINITY],
    ['no number', () => 'soon' as never],
    ['nothing', () => undefined as never],
    [
      'an exception',
      () => {
        throw new Error('schedule')
      },
    ],
  ] as [string, Schedule][])('that returns %s is replaced by the default, with a warning', async (_, schedule) => {
    const { client, clock, sandbox, events } = createCheckout({ schedule }, { latencyMs: 60_000 })
    const task = client.submit('payments', order())
    const seen = record(task)
    await clock.advance(60_000)
    const asked = sandbox.requests().length
    expect(asked).toBeGreaterThan(10)
    expect(asked).toBeLessThan(80)
    expect(seen.states[0]).toMatchObject({ nextPollMs: 4000 })
    expect(events).toContainEqual(expect.objectContaining({ type: 'warning', warning: 'schedule-invalid' }))
  })

  it('that returns 0 asks every 10 ms at most', async () => {
    const { client, clock, sandbox } = createCheckout({ schedule: () => 0 }, { latencyMs: 60_000 })
    client.submit('payments', order()).subscribe(() => {})
    await clock.advance(1000)
    expect(sandbox.requests().length).toBeLessThanOrEqual(102)
    expect(sandbox.requests().length).toBeGreaterThan(90)
  })

  it('that returns a thousand years asks every hour', async () => {
    const { client, clock, sandbox } = createCheckout({ schedule: () => 3e13 }, { latencyMs: 1e9 })
    client.submit('payments', order()).subscribe(() => {})
    await clock.advance(3_600_000 * 3 + 1000)
    expect(sandbox.requests().filter(({ operation }) => operation === 'status')).toHaveLength(3)
  })

  it('is told how often was asked and how long it has been', async () => {
    const inputs: object[] = []
    const { client, clock } = createCheckout({
      schedule: ({ polls, elapsedMs }) => {
        inputs.push({ polls, elapsedMs })
        return 2000
      },
    })
    await clock.until(client.submit('payments', order()).outcome())
    expect(inputs).toEqual([
      { polls: 0, elapsedMs: 0 },
      { polls: 1, elapsedMs: 2000 },
      { polls: 2, elapsedMs: 4000 },
    ])
  })

  it('spreads clients that start together', async () => {
    const { clock, sandbox, restart } = createCheckout({}, { latencyMs: 1e9 })
    for (let index = 0; index < 50; index++)
      restart({ random: () => (index * 0.618) % 1 })
        .submit('payments', order())
        .subscribe(() => {})
    await clock.advance(6000)
    const first = new Map<string | undefined, number>()
    for (const { operation, taskId, at } of sandbox.requests())
      if (operation === 'status' && !first.has(taskId)) first.set(taskId, at)
    const times = [...first.values()]
    expect(times).toHaveLength(50)
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(3500)
  })
})

describe('lookups', () => {
  it.each([
    ['a task that is a day old', 25 * 3_600_000, undefined],
    ['a submission, after a short deadline', 0, 1000],
  ])('of %s keep to the schedule', async (_, laterMs, deadlineMs) => {
    const { client, clock, restart, sandbox } = createCheckout(deadlineMs ? { deadlineMs } : {})
    if (deadlineMs) sandbox.fault({ on: 'submit', kind: 'drop-after', times: 3 })
    sandbox.fault({ on: 'lookup', kind: 'html', status: 502, times: deadlineMs ? 1 : 4 })
    const submitted = client.submit('payments', order())
    if (laterMs) await clock.until(submitted.accepted())
    await clock.advance(laterMs)
    const task = laterMs ? restart().resume(submitted.handle as never) : submitted
    await clock.until(task.outcome())
    expect(task.getSnapshot()).toMatchObject({ status: 'result', via: 'lookup' })
    const times = sandbox.requests().flatMap(({ operation, at }) => (operation === 'lookup' ? [at] : []))
    const waits = times.slice(1).map((at, index) => at - (times[index] ?? 0))
    expect(Math.min(...waits)).toBeGreaterThan(200)
  })

  it('are not used up by hints', async () => {
    const { client, clock, sandbox } = createCheckout({}, { latencyMs: 8000 })
    sandbox.fault({ on: 'submit', kind: 'drop-after', times: 3 })
    const task = client.submit('payments', order())
    task.subscribe({})
    await clock.advance(1500)
    const before = sandbox.requests().length
    for (let hint = 0; hint < 9; hint++) await task.poll()
    expect(sandbox.requests().length).toBeGreaterThan(before)
    expect(task.getSnapshot()).toMatchObject({ status: 'submitting' })
    expect(await clock.until(task.outcome())).toMatchObject({ status: 'result', via: 'lookup' })
  })

  it('are answered to a hint as well', async () => {
    const { client, clock, sandbox } = createCheckout({ schedule: everySecond }, { latencyMs: 0 })
    sandbox.fault({ on: 'submit', kind: 'drop-after', times: 3 })
    sandbox.fault({ on: 'lookup', kind: 'html', status: 502 })
    const task = client.submit('payments', order())
    while (!sandbox.requests().some(({ operation }) => operation === 'lookup')) await clock.advance(100)
    await task.poll()
    expect(task.getSnapshot()).toMatchObject({ status: 'result', via: 'lookup' })
    expect(clock.pending).toBe(0)
  })
})

describe('an option that breaks', () => {
  it.each([
    ['a schedule that gives a bigint', { schedule: (() => 1000n) as never }],
    ['a schedule that gives a text', { schedule: (() => '1') as never }],
    [
      'a random that throws',
      {
        random: (): number => {
          throw new Error('random')
        },
      },
    ],
    ['a random that is no number', { random: (): number => Number.NaN }],
  ])('%s loses no answer, and storms nothing', async (_, options) => {
    const { client, clock, sandbox } = createCheckout(options)
    sandbox.fault({ on: 'submit', kind: 'drop-after' })
    const request = order()
    expect(await clock.until(client.submit('payments', request).result())).toMatchObject({ status: 'successful' })
    expect(sandbox.charges(request.tracking_id)).toBe(1)
    expect(sandbox.requests().length).toBeLessThan(12)
  })
})

describe('a fault of the clock', () => {
  it('while the next question is planned costs no answer, and sends nothing twice', async () => {
    vi.stubGlobal('reportError', () => {})
    let broken = false
    const { clock, sandbox, restart } = createCheckout()
    const now = (): number => {
      if (!broken) return clock.now()
      broken = false
      throw new Error('clock')
    }
    const schedule = (): number => {
      broken = true
      return 1000
    }
    const task = restart({ schedule, clock: { ...clock, now } }).submit('payments', order())
    task.subscribe({})
    await clock.advance(1000)
    expect(task.handle).toBeDefined()
    await clock.advance(120_000)
    expect(task.getSnapshot()).toMatchObject({ status: 'result' })
    expect(sandbox.requests().map(({ operation }) => operation)).toEqual(['submit', 'status', 'result'])
    vi.unstubAllGlobals()
  })
})

describe('Retry-After', () => {
  it('is a floor under any schedule, also with an answer that is none of a throttle', async () => {
    const { client, clock, sandbox } = createCheckout({ schedule: everySecond }, { latencyMs: 1e9 })
    const task = client.submit('payments', order())
    const { requestId } = await clock.until(task.accepted())
    const body = { status: 'processing', request_id: requestId }
    sandbox.fault({ on: 'status', kind: 'http', status: 200, body, headers: { 'retry-after': '30' } })
    task.subscribe(() => {})
    await clock.advance(20_000)
    expect(sandbox.requests().filter(({ operation }) => operation === 'status')).toHaveLength(1)
    await clock.advance(13_000)
    expect(sandbox.requests().filter(({ operation }) => operation === 'status')).toHaveLength(2)
  })

  it('holds for `poll()` as well', async () => {
    const { client, clock, sandbox } = createCheckout({}, { latencyMs: 1e9 })
    const task = client.submit('payments', order())
    await clock.until(task.accepted())
    sandbox.fault({ on: 'status', kind: 'throttle', retryAfter: 30 })
    await clock.until(task.poll())
    await clock.until(task.poll())
    await clock.advance(30_000)
    await clock.until(task.poll())
    expect(sandbox.requests().filter(({ operation }) => operation === 'status')).toHaveLength(2)
  })
})

describe('a lookup that was asked for', () => {
  it('does not lift the Retry-After of the task', async () => {
    const { client, clock, sandbox } = createCheckout({}, { latencyMs: 1e9 })
    const task = client.submit('payments', order())
    await clock.until(task.accepted())
    sandbox.fault({ on: 'status', kind: 'throttle', retryAfter: 60 })
    await clock.until(task.poll())
    await clock.until(task.lookup())
    await clock.until(task.poll())
    expect(sandbox.requests().map(({ operation }) => operation)).toEqual(['submit', 'status', 'lookup'])
    await clock.advance(60_000)
    await clock.until(task.poll())
    expect(sandbox.requests().at(-1)).toMatchObject({ operation: 'status' })
  })
})

describe('an outage', () => {
  it('that loses every answer is asked through ten times by the schedule, then every 30 s', async () => {
    const { client, clock, sandbox } = createCheckout({ schedule: everySecond }, { latencyMs: 1e9 })
    sandbox.fault({ on: 'status', kind: 'drop-before', times: 1000 })
    client.submit('payments', order()).subscribe({})
    await clock.advance(15_000)
    const before = sandbox.requests().length
    expect(before).toBeGreaterThanOrEqual(10)
    await clock.advance(300_000)
    expect(sandbox.requests().length - before).toBeGreaterThanOrEqual(8)
    expect(sandbox.requests().length - before).toBeLessThanOrEqual(14)
  })

  it('of a process that died is looked up every 30 s at least, however slow the schedule is', async () => {
    const journal = memoryJournal()
    const schedule = fixedSchedule({ intervalMs: 1_200_000 })
    const { client, clock, sandbox, restart } = createCheckout({ journal, schedule })
    await clock.until(client.submit('payments', order()).accepted())
    const [key = ''] = await journal.getKeys()
    const { requestId: _, phase: __, ...submitting } = JSON.parse(String(journal.getItem(key)))
    journal.setItem(key, JSON.stringify(submitting))
    sandbox.fault({ on: 'lookup', kind: 'html', times: 1e9 })
    const [task] = await clock.until(restart().recover())
    const before = sandbox.requests().length
    task?.subscribe({})
    await clock.advance(180_000)
    expect(sandbox.requests().length - before).toBeGreaterThanOrEqual(6)
  })

  it('that lost a POST is looked up every 30 s at least, however slow the schedule is', async () => {
    const { client, clock, sandbox } = createCheckout({ schedule: fixedSchedule({ intervalMs: 1_200_000 }) })
    sandbox.fault({ on: 'submit', kind: 'drop-before', times: 3 })
    const task = client.submit('payments', order())
    task.subscribe({})
    await clock.advance(180_000)
    expect(task.getSnapshot()).toMatchObject({ status: 'error', error: { code: 'submit-lost' } })
  })
})
