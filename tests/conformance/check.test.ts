/** `check(handle)`: one stateless step, for an edge function that must not wait. */
import type { Check, Client, TaskHandle } from '@async-transaction/core'
import { memoryJournal } from '@async-transaction/core'
import { describe, expect, it } from 'vitest'
import { createCheckout, order } from './checkout.ts'

async function accepted(options = {}, gateway = {}) {
  const checkout = createCheckout(options, gateway)
  const handle = await checkout.clock.until(checkout.client.submit('payments', order()).accepted())
  return { ...checkout, handle, edge: () => checkout.restart() }
}

describe('check()', () => {
  it('takes steps of one exchange each, in a new client every time, to the outcome', async () => {
    const { clock, sandbox, edge, handle } = await accepted()
    const statuses: string[] = []
    let step: Check | undefined
    let next: TaskHandle = handle
    do {
      const before = sandbox.requests().length
      step = await clock.until((edge() as Client).check(JSON.parse(JSON.stringify(next))))
      expect(sandbox.requests().length - before).toBe(1)
      statuses.push(step.state.status)
      next = step.handle
      await clock.advance(step.nextCheckMs ?? 0)
    } while (step.nextCheckMs !== undefined)
    expect(statuses.filter((status) => status !== 'processing')).toEqual(['completed', 'result'])
    expect(step.state).toMatchObject({ status: 'result', transaction: { status: 'successful' } })
    expect(clock.pending).toBe(0)
  })

  it('tells when to come back, and counts in the handle', async () => {
    const { clock, edge, handle } = await accepted({}, { latencyMs: 60_000 })
    await clock.advance(3000)
    const { state, handle: next, nextCheckMs } = await clock.until(edge().check(handle))
    expect(state).toMatchObject({ status: 'processing', polls: 1, elapsedMs: 3000 })
    expect(next).toEqual({ ...handle, polls: 1 })
    expect(nextCheckMs).toBe(866)
  })

  it('goes on after a loss, and remembers it', async () => {
    const { clock, sandbox, edge, handle } = await accepted({}, { latencyMs: 1000 })
    sandbox.fault({ on: 'submit', kind: 'error' })
    sandbox.fault({ on: 'status', kind: 'truncate' })
    await clock.advance(2000)
    const { state, handle: next } = await clock.until(edge().check(handle))
    expect(state.status).toBe('processing')
    expect(next.lost).toBe(1)
  })

  it('brings an error that is given once, and ends', async () => {
    const checkout = createCheckout({}, { latencyMs: 0 })
    const { client, clock, sandbox, restart } = checkout
    sandbox.fault({ on: 'submit', kind: 'error' })
    const handle = await clock.until(client.submit('payments', order()).accepted())
    const { state, nextCheckMs } = await clock.until(restart().check(handle))
    expect(state).toMatchObject({ status: 'error', error: { code: 'gateway-error' } })
    expect(nextCheckMs).toBeUndefined()
  })

  it('says `unknown` at once, and looks the transaction up in the next step', async () => {
    const { clock, sandbox, edge, handle } = await accepted({}, { latencyMs: 0 })
    sandbox.fault({ on: 'status', kind: 'forget', charged: true })
    const first = await clock.until(edge().check(handle))
    expect(first).toMatchObject({ state: { status: 'unknown', cause: 'not-found', candidates: [] }, nextCheckMs: 0 })
    const second = await clock.until(edge().check(first.handle))
    expect(second.state).toMatchObject({ status: 'result', via: 'lookup' })
    expect(second.nextCheckMs).toBeUndefined()
  })

  it('keeps last words from step to step', async () => {
    const { clock, sandbox, edge, handle } = await accepted({}, { latencyMs: 60_000 })
    sandbox.fault({ on: 'status', kind: 'throttle', retryAfter: 7, message: 'The acquirer is down' })
    const first = await clock.until(edge().check(handle))
    expect(first).toMatchObject({ handle: { lastWords: { message: 'The acquirer is down' } }, nextCheckMs: 7000 })
    sandbox.fault({ on: 'status', kind: 'forget' })
    const second = await clock.until(edge().check(JSON.parse(JSON.stringify(first.handle))))
    expect(second.state).toMatchObject({ error: { code: 'gateway-error', message: 'The acquirer is down' } })
  })

  it('does not ask for what the journal knows', async () => {
    const journal = memoryJournal()
    const { client, clock, sandbox, handle, edge } = await accepted({ journal })
    await clock.until(client.resume(handle).outcome())
    const asked = sandbox.requests().length
    expect((await clock.until(edge().check(handle))).state).toMatchObject({ status: 'result' })
    expect(sandbox.requests()).toHaveLength(asked)
  })

  it('shares the exchange of a task that is under way in this client', async () => {
    const { client, clock, sandbox, handle } = await accepted({}, { latencyMs: 60_000 })
    sandbox.fault({ on: 'status', kind: 'delay', ms: 1000 })
    const polling = client.resume(handle).poll()
    const checking = client.check(handle)
    await clock.until(Promise.all([polling, checking]))
    expect(sandbox.requests().filter(({ operation }) => operation === 'status')).toHaveLength(1)
  })

  it('asks a handle that is older than 24 hours once all the same', async () => {
    const { clock, sandbox, edge, handle } = await accepted({}, { latencyMs: 1e9 })
    const { state } = await clock.until(edge().check({ ...handle, createdAt: handle.createdAt - 90_000_000 }))
    expect(state).toMatchObject({ error: { code: 'deadline' } })
    expect(sandbox.requests().filter(({ operation }) => operation === 'status')).toHaveLength(1)
  })
})
