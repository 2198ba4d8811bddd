/** What `onEvent` is told: enough for a log, metrics and traces, and nothing of a card or a secret. */
import { type ClientEvent, memoryJournal } from '@async-transaction/core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createCheckout, order } from './checkout.ts'

afterEach(() => vi.unstubAllGlobals())

describe('onEvent', () => {
  it('tells of every attempt, with its number, answer, duration and support id, and of the settlement', async () => {
    const { client, clock, events } = createCheckout({}, { latencyMs: 1000 })
    const task = client.submit('payments', order())
    await clock.until(task.outcome())
    const subject = { requestKey: task.requestKey, trackingId: task.trackingId }
    const { requestId } = task.handle ?? {}
    const attempt = (operation: string, number: number, answer: string) => ({
      ...subject,
      requestId: operation === 'submit' ? undefined : requestId,
      type: 'attempt',
      operation,
      attempt: number,
      answer,
      durationMs: 0,
      httpStatus: 200,
      gatewayRequestId: expect.stringMatching(/^[\da-f-]{36}$/),
    })
    expect(events).toEqual([
      attempt('submit', 1, 'accepted'),
      attempt('status', 1, 'completed'),
      attempt('result', 2, 'answered'),
      { ...subject, requestId, type: 'settled', status: 'result', via: 'task' },
    ])
  })

  it('tells of losses and retries', async () => {
    const { client, clock, events, sandbox } = createCheckout({}, { latencyMs: 1000 })
    sandbox.fault({ on: 'submit', kind: 'drop-after' })
    sandbox.fault({ on: 'status', kind: 'stall' })
    await clock.until(client.submit('payments', order()).outcome())
    const told = events.map((event) => [
      event.type,
      'reason' in event ? event.reason : undefined,
      'delayMs' in event ? event.delayMs : undefined,
    ])
    expect(told.slice(0, 3)).toEqual([
      ['attempt', undefined, undefined],
      ['lost', 'network', undefined],
      ['retry', undefined, 500],
    ])
    expect(told).toContainEqual(['lost', 'timeout', undefined])
  })

  it('tells how an error settled', async () => {
    const { client, clock, events, sandbox } = createCheckout()
    sandbox.fault({ on: 'submit', kind: 'error' })
    await clock.until(client.submit('payments', order()).outcome())
    expect(events.at(-1)).toMatchObject({ type: 'settled', status: 'error', code: 'gateway-error' })
  })

  it('that throws is reported, and hurts nothing', async () => {
    const reported = vi.fn()
    vi.stubGlobal('reportError', reported)
    const broken = new Error('onEvent')
    const { client, clock } = createCheckout({
      journal: {
        ...memoryJournal(),
        getKeys: () => {
          throw new Error('storage')
        },
      },
      onEvent: () => {
        throw broken
      },
    })
    expect(await clock.until(client.submit('payments', order()).result())).toMatchObject({ status: 'successful' })
    expect(reported).toHaveBeenCalledWith(broken)
    expect(await clock.until(client.recover())).toEqual([])
  })

  it('never tells of a card, a secret or a body, whatever goes wrong', async () => {
    const told: ClientEvent[] = []
    const { client, clock, sandbox } = createCheckout({ onEvent: (event) => told.push(event) }, { latencyMs: 1000 })
    for (const kind of ['drop-after', 'truncate', 'html', 'garbage', 'empty', 'foreign'] as const)
      for (const on of ['submit', 'status', 'result'] as const) {
        sandbox.fault({ on, kind })
        await clock.until(client.submit('payments', order()).outcome())
        sandbox.clearFaults()
      }
    expect(told.length).toBeGreaterThan(50)
    expect(JSON.stringify(told)).not.toMatch(/4200000|verification|JANE|a-secret-key|Basic|successful/)
  })
})
