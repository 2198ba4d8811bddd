import { describe, expect, it } from 'vitest'
import { createManualClock } from '../testing/manual-clock.ts'
import { card, createShop, payment, type Shop } from '../testing/shop.ts'
import { createSandbox } from './create-sandbox.ts'
import type { SandboxOptions } from './sandbox.ts'

const statuses = [400, 422] as const

/** Requests that are refused before anything is processed, by the field that is wrong. */
const invalid: [string, object, object][] = [
  [
    'a number that fails its check digit',
    { credit_card: card('4200000000000001') },
    { credit_card: { number: [expect.any(String)] } },
  ],
  [
    'an expired card',
    { credit_card: card('4200000000000000', { exp_year: '2020' }) },
    { credit_card: { date: ['is expired'] } },
  ],
  ['a missing card', { credit_card: undefined }, { credit_card: { number: ["can't be blank"] } }],
  ['an amount of 0', { amount: 0 }, { amount: ['must be greater than 0'] }],
]

function setUp(options: SandboxOptions) {
  const clock = createManualClock()
  const sandbox = createSandbox({ clock, latencyMs: 4000, ...options })
  return { clock, sandbox, shop: createShop(sandbox) }
}

/** Submits an invalid request, and returns the acknowledged task once its error waits to be read. */
async function mistyped({ shop, clock }: { shop: Shop; clock: { advance(ms: number): void } }, fields: object) {
  const ack = await shop.pay(fields)
  expect(ack).toMatchObject({ status: 200, body: { status: 'processing' } })
  expect((await shop.result(ack.body.request_id)).body.status).toBe('processing')
  clock.advance(4000)
  return ack.body.request_id as string
}

describe.each(statuses)('refusalStatus: %i', (refusalStatus) => {
  it.each(invalid)('refuses %s in the response to the POST', async (_, fields, errors) => {
    const { sandbox, shop } = setUp({ refusalStatus })
    expect(await shop.pay(fields)).toMatchObject({ status: refusalStatus, body: { response: { errors } } })
    expect([sandbox.tasks(), sandbox.charges()]).toEqual([[], 0])
  })

  it.each(invalid)("with refuseAt: 'task', acknowledges %s and refuses it in the task", async (_, fields, errors) => {
    const world = setUp({ refusalStatus, refuseAt: 'task' })
    const id = await mistyped(world, fields)
    expect(await world.shop.result(id)).toMatchObject({ status: refusalStatus, body: { response: { errors } } })
    expect(world.sandbox.charges()).toBe(0)
  })

  it.each([
    ['status', 'result'],
    ['status', 'status'],
    ['result', 'status'],
    ['result', 'result'],
  ] as const)('delivers the error of the task once: by its %s, and then its %s is unknown', async (first, second) => {
    const world = setUp({ refusalStatus, refuseAt: 'task' })
    const id = await mistyped(world, { amount: 0 })
    expect((await world.shop[first](id)).status).toBe(refusalStatus)
    const unknown = { status: 404, body: { status: 'unknown', request_id: id } }
    expect(await world.shop[second](id)).toMatchObject(unknown)
    expect(world.sandbox.tasks()).toMatchObject([{ state: 'consumed', answerStatus: refusalStatus }])
  })

  it('holds for duplicates, parents and a RequestID on another endpoint, not for an unknown parent or token', async () => {
    const { shop } = setUp({ refusalStatus, latencyMs: 0 })
    const { body } = await shop.pay({ duplicate_check: true }, { RequestID: 'r-1' })
    expect((await shop.pay({ duplicate_check: true })).status).toBe(refusalStatus)
    const { uid } = (await shop.result(body.request_id)).body.transaction
    const child = { parent_uid: uid, amount: 9999, reason: 'r' }
    expect((await shop.outcome('refunds', child)).status).toBe(refusalStatus)
    expect((await shop.outcome('captures', child)).status).toBe(refusalStatus)
    expect((await shop.outcome('refunds', { ...child, parent_uid: 'none' })).status).toBe(400)
    expect((await shop.outcome('payments', payment({ credit_card: { token: 'none' } }))).status).toBe(400)
    const reused = await shop.submit('authorizations', payment(), { RequestID: 'r-1' })
    expect(reused.status).toBe(refusalStatus)
  })

  it('leaves the errors of faults as they are', async () => {
    const { sandbox, shop } = setUp({ refusalStatus, latencyMs: 0 })
    sandbox.fault({ on: 'submit', kind: 'error', status: 409, body: { message: 'x' } })
    expect((await shop.outcome('payments', payment())).status).toBe(409)
  })
})

it('refuses with 422 by default', async () => {
  expect((await createShop(createSandbox()).pay({ amount: 0 })).status).toBe(422)
})
