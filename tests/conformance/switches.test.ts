/**
 * The client against every position of every switch of the sandbox: whatever the gateway turns out to do where its
 * documents are silent, no money moves twice, and no outcome contradicts the books.
 */
import { memoryJournal, type Outcome, type PaymentRequest } from '@async-transaction/core'
import { type Fault, type SandboxOptions, switches } from '@async-transaction/sandbox'
import { describe, expect, it } from 'vitest'
import { cards, createCheckout, order } from './checkout.ts'

const positions: [position: string, options: SandboxOptions][] = Object.entries(switches).flatMap(([name, values]) =>
  values.map((value): [string, SandboxOptions] => [`${name} ${value}`, { [name]: value }]),
)

/** All together: each alone might hide behind the defaults of the others. Raw cards pass, so that all tests are played. */
const harsh: [string, SandboxOptions] = [
  'every switch but rawCards turned',
  Object.fromEntries(Object.entries({ ...switches, rawCards: ['allowed'] }).map(([name, all]) => [name, all.at(-1)])),
]

const everywhere = [...positions, harsh]

/** A payment that is played to its end, and the books of the gateway. */
async function pay(options: SandboxOptions, fields: Partial<PaymentRequest>, faults: readonly Fault[] = []) {
  const checkout = createCheckout({ journal: memoryJournal() }, options)
  const { client, clock, sandbox } = checkout
  for (const fault of faults) sandbox.fault(fault)
  // Ciphertext, where no raw number may be sent, stands for the card that succeeds.
  const encrypted = { credit_card: undefined, encrypted_credit_card: { number: '$begatewaycsejs_1_0_0$c2VjcmV0' } }
  const request = { ...order(fields), ...(options.rawCards === 'refused' && encrypted) } as PaymentRequest
  const outcome = await clock.until(client.submit('payments', request).outcome())
  await clock.advance(60_000)
  return { ...checkout, outcome, charges: sandbox.charges(request.tracking_id), request }
}

const effectOf = (outcome: Outcome): string | undefined =>
  outcome.status === 'error' ? outcome.error.effect : outcome.status === 'unknown' ? 'unknown' : undefined

describe.each(everywhere)('with %s', (_, options) => {
  it('a payment succeeds, and is charged once', async () => {
    const { outcome, charges } = await pay(options, {})
    expect(outcome).toMatchObject({ status: 'result', transaction: { status: 'successful' } })
    expect(charges).toBe(1)
  })

  it.each<[string, Fault[]]>([
    ['POST whose response is lost', [{ on: 'submit', kind: 'drop-after' }]],
    ['POST that never arrives', [{ on: 'submit', kind: 'drop-before' }]],
    ['result that is lost', [{ on: 'result', kind: 'drop-after' }]],
    ['status that another server answers', [{ on: 'status', kind: 'proxy-json', times: 3 }]],
  ])('a %s charges once, and its outcome is known', async (_, faults) => {
    const { outcome, charges } = await pay(options, {}, faults)
    expect(outcome).toMatchObject({ status: 'result', transaction: { status: 'successful' } })
    expect(charges).toBe(1)
  })

  it.each<[string, Fault[]]>([
    ['lost in all of its POSTs', [{ on: 'submit', kind: 'drop-after', times: 3 }]],
    ['forgotten by the gateway', [{ on: 'submit', kind: 'forget', charged: true }]],
    ['that blew up after it was charged', [{ on: 'submit', kind: 'error', charged: true }]],
    ['that blew up before', [{ on: 'submit', kind: 'error' }]],
    ['never taken', [{ on: 'submit', kind: 'proxy-json', status: 404, times: 3 }]],
  ])('a payment %s is not said to have no effect if it was charged, nor to be paid if not', async (_, faults) => {
    const { outcome, charges } = await pay(options, {}, faults)
    if (charges > 0) expect(effectOf(outcome)).not.toBe('none')
    else expect(outcome.status).not.toBe('result')
    expect(charges).toBeLessThanOrEqual(1)
  })

  it('a field that breaks a rule of the gateway is refused with effect none, and charges nothing', async () => {
    const { outcome, charges } = await pay(options, { currency: 'XYZ' })
    expect([effectOf(outcome), charges]).toEqual(['none', 0])
  })

  it('a payment without a challenge is incomplete, and then found to be paid', async () => {
    if (options.rawCards === 'refused') return
    const fields = order({}, '4012000000001006')
    const { outcome, charges, client, clock, request } = await pay(options, fields)
    expect(outcome).toMatchObject({ status: 'result', transaction: { status: 'incomplete' } })
    const [found] = await clock.until(client.find({ trackingId: request.tracking_id ?? '' }))
    expect([found?.status, charges]).toEqual(['successful', 1])
  })
})

it('declines are results everywhere', async () => {
  for (const [position, options] of everywhere) {
    if (options.rawCards === 'refused') continue
    const { outcome, charges } = await pay(options, order({}, cards.declined))
    expect([position, outcome]).toMatchObject([position, { status: 'result', transaction: { status: 'failed' } }])
    expect(charges).toBe(1)
  }
})
