import { isTransactionError, type TaskState, UnknownOutcomeError } from '@async-transaction/core'
import { describe, expect, it } from 'vitest'
import { cards, createCheckout, order, record } from './checkout.ts'

describe('a payment', () => {
  it('goes from processing over completed to its result', async () => {
    const { client, clock, sandbox } = createCheckout()
    const task = client.submit('payments', order({ amount: 3245, tracking_id: 'order-17' }))
    const seen = record(task)
    const outcome = await clock.until(task.outcome())

    expect(seen.statuses().filter((status, index, all) => status !== all[index - 1])).toEqual([
      'processing',
      'completed',
      'result',
    ])
    expect(seen.end).toBe('complete')
    expect(outcome).toMatchObject({
      status: 'result',
      via: 'task',
      requestId: task.handle?.requestId,
      transaction: { status: 'successful', amount: 3245, currency: 'KZT', type: 'payment', tracking_id: 'order-17' },
    })
    expect(sandbox.charges('order-17')).toBe(1)
  })

  it('is asked for its result alone with the strategy `result`', async () => {
    const { client, clock, sandbox } = createCheckout({ strategy: 'result' })
    const task = client.submit('payments', order())
    const seen = record(task)
    await clock.until(task.outcome())

    expect(new Set(seen.statuses())).toEqual(new Set(['processing', 'result']))
    expect(new Set(sandbox.requests().map(({ operation }) => operation))).toEqual(new Set(['submit', 'result']))
  })

  it.each([
    ['status', 3],
    ['result', 2],
  ] as const)('that is done at the first question takes %s strategy %i requests', async (strategy, requests) => {
    const { client, clock, sandbox } = createCheckout({ strategy }, { latencyMs: 0 })
    await clock.until(client.submit('payments', order()).outcome())
    expect(sandbox.requests()).toHaveLength(requests)
  })

  it('that is declined is a result, not an error', async () => {
    const { client, clock } = createCheckout()
    const task = client.submit('payments', order({}, cards.declined))
    expect(await clock.until(task.result())).toMatchObject({ status: 'failed' })
    expect(task.getSnapshot()).toMatchObject({ status: 'result' })
  })

  it('that needs 3-D Secure is a result with a redirect URL', async () => {
    const { client, clock } = createCheckout()
    const transaction = await clock.until(client.submit('payments', order({}, cards.threeDSecure)).result())
    expect(transaction).toMatchObject({
      status: 'incomplete',
      message: null,
      redirect_url: expect.stringMatching(/^https:/),
    })
  })

  it('counts its questions, its time and its next question in `processing`', async () => {
    const { client, clock } = createCheckout()
    const seen = record(client.submit('payments', order()))
    await clock.advance(4500)
    expect(seen.states).toEqual([
      { status: 'processing', requestId: expect.any(String), polls: 0, elapsedMs: 0, nextPollMs: 4000 },
      { status: 'processing', requestId: expect.any(String), polls: 1, elapsedMs: 4000, nextPollMs: 1000 },
    ])
  })

  it('is submitted at once and once, whoever observes it', async () => {
    const { client, clock, sandbox } = createCheckout()
    const task = client.submit('payments', order())
    await clock.advance(60_000)
    expect(sandbox.requests().map(({ operation }) => operation)).toEqual(['submit'])

    const [first, second] = [record(task), record(task)]
    await clock.until(Promise.all([task.outcome(), task.result()]))
    expect(first.states.at(-1)).toBe(second.states.at(-1))
    expect(sandbox.requests().filter(({ operation }) => operation === 'submit')).toHaveLength(1)
    expect(sandbox.requests().filter(({ operation }) => operation === 'result')).toHaveLength(1)
  })
})

describe('an observer', () => {
  it('iterates over the states', async () => {
    const { client, clock } = createCheckout()
    const states: TaskState[] = []
    const reading = (async () => {
      for await (const state of client.submit('payments', order())) states.push(state)
    })()
    await clock.until(reading)
    expect(new Set(states.map(({ status }) => status))).toEqual(new Set(['processing', 'completed', 'result']))
  })

  it('that comes late gets the result at once, and the same object', async () => {
    const { client, clock } = createCheckout()
    const task = client.submit('payments', order())
    const outcome = await clock.until(task.outcome())
    const late = record(task)
    expect(late.states).toEqual([outcome])
    expect(late.states[0]).toBe(outcome)
    expect(task.getSnapshot()).toBe(outcome)
    expect(late.end).toBe('complete')
  })

  it('that is the last to leave pauses the questions, and one that comes back goes on', async () => {
    const { client, clock, sandbox } = createCheckout()
    const task = client.submit('payments', order())
    const subscription = task.subscribe(() => {})
    await clock.advance(3500)
    const asked = sandbox.requests().length
    subscription.unsubscribe()
    expect(subscription.closed).toBe(true)
    await clock.advance(60_000)
    expect(sandbox.requests()).toHaveLength(asked)
    expect(clock.pending).toBe(0)

    await clock.until(task.outcome())
    expect(task.getSnapshot().status).toBe('result')
  })

  it('sees `submitting` until the gateway took it, and the same snapshot until it changes', async () => {
    const { client, clock } = createCheckout()
    const task = client.submit('payments', order())
    expect(task.getSnapshot()).toEqual({ status: 'submitting' })
    expect(task.getSnapshot()).toBe(task.getSnapshot())
    expect(task.handle).toBeUndefined()
    const handle = await clock.until(task.accepted())
    expect(task.getSnapshot()).toMatchObject({ status: 'processing', requestId: handle.requestId })
    expect(task.getSnapshot()).toBe(task.getSnapshot())
  })
})

describe('an error that the gateway delivers once', () => {
  it('reaches two observers, one that comes late, and no second question', async () => {
    const { client, clock, sandbox } = createCheckout()
    sandbox.fault({ on: 'submit', kind: 'error' })
    const task = client.submit('payments', order())
    const [first, second] = [record(task), record(task)]
    const outcome = await clock.until(task.outcome())
    const asked = sandbox.requests().length

    expect(outcome).toMatchObject({
      status: 'error',
      error: {
        code: 'gateway-error',
        effect: 'unknown',
        message: "We're sorry, but something went wrong",
        httpStatus: 500,
      },
    })
    expect(first.end).toBe(second.end)
    expect(isTransactionError(first.end)).toBe(true)
    const late = record(task)
    expect(late.end).toBe(first.end)
    await expect(task.result()).rejects.toBe(first.end)
    await clock.advance(60_000)
    expect(sandbox.requests()).toHaveLength(asked)
  })
})

describe('a POST whose answer is dropped', () => {
  it('is sent again under the same RequestID, and charges once', async () => {
    const { client, clock, sandbox } = createCheckout()
    sandbox.fault({ on: 'submit', kind: 'drop-after' })
    const task = client.submit('payments', order({ tracking_id: 'order-dropped' }))
    expect(await clock.until(task.result())).toMatchObject({ status: 'successful' })

    const posts = sandbox.requests().filter(({ operation }) => operation === 'submit')
    expect(posts.map(({ requestIdHeader }) => requestIdHeader)).toEqual([task.requestKey, task.requestKey])
    expect(sandbox.charges('order-dropped')).toBe(1)
  })
})

describe('an outcome that nobody can tell', () => {
  it('is `unknown`, and rejects `result()` alone', async () => {
    const { client, clock, sandbox } = createCheckout()
    sandbox.fault({ on: 'submit', kind: 'forget' })
    const task = client.submit('payments', order())
    const seen = record(task)
    const outcome = await clock.until(task.outcome())
    expect(outcome).toMatchObject({ status: 'unknown', cause: 'not-found', candidates: [] })
    expect(seen.end).toBe('complete')
    await expect(task.result()).rejects.toBeInstanceOf(UnknownOutcomeError)
  })
})
