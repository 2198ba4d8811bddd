/**
 * What a runtime's transport does by itself when a connection that was used before is reset after a request went out on it:
 * some send the request again. Measured with one `fetch()`, and played with payments: they are charged once, and what came
 * of them has its right name.
 */

import { ended } from './contract/cases.ts'
import { expect } from './contract/expect.ts'
import { type Order, openShop, type Shop, sleep } from './contract/shop.ts'
import { uniqueId } from './contract/unique-id.ts'
import type { Library, Places, Verdict } from './contract.ts'

/** What is reset: everything of that kind that comes on a connection which was used before. */
export type Struck = 'raw' | 'submit' | 'status' | 'status-but-the-first' | 'result' | 'nothing'

export interface Strikes {
  /** How often such a request arrived since they were armed. */
  readonly arrivals: number
  /** How many of them were reset. */
  readonly resets: number
}

interface Payment {
  readonly struck: Struck
  /** Planned at the gateway. */
  readonly faults?: readonly object[]
  readonly end: RegExp
  readonly charges: number
}

const onceOnly = { on: 'submit', kind: 'error' }

/** Where the transport sends again, nobody hears that there was a first answer: then the gateway "knows nothing". */
const LOST = /^unknown (answer-lost|not-found)$/

const payments: Readonly<Record<string, Payment>> = {
  'a POST that the transport loses, or sends twice, charges once': {
    struck: 'submit',
    end: /^result successful$/,
    charges: 1,
  },
  'a status that is lost, or read twice, is a payment all the same': {
    struck: 'status',
    end: /^result successful$/,
    charges: 1,
  },
  'a result that is lost, or read twice, is a payment all the same': {
    struck: 'result',
    end: /^result successful$/,
    charges: 1,
  },
  'an error that is given once, and consumed beneath us, is unknown': {
    struck: 'status',
    faults: [onceOnly],
    end: LOST,
    charges: 0,
  },
  'an error that is consumed beneath us does not hide that the card was charged': {
    struck: 'status',
    faults: [{ ...onceOnly, charged: true }],
    end: /^result successful$/,
    charges: 1,
  },
  'an error that is consumed beneath us keeps its name, if it was told before with an order to wait': {
    struck: 'status-but-the-first',
    faults: [onceOnly, { on: 'status', kind: 'throttle', status: 503, retryAfter: 0, message: 'It went wrong' }],
    end: /^error gateway-error$/,
    charges: 0,
  },
}

const MEASURED = 'one fetch on a reused connection that is reset'

/** The names of all verdicts. */
export const resends: readonly string[] = [...Object.keys(payments), MEASURED]

export interface Measured extends Verdict {
  /** What was reset, and how often. */
  readonly struck?: Struck
  readonly resets?: number
  /** How many requests one `fetch()` became; 0 if it was never sent on a connection that was used before. */
  readonly sent?: { readonly GET: number; readonly POST: number }
}

/** Plays every payment, one after the other, before a gateway whose front can be armed. */
export async function playResends(library: Library, places: Places): Promise<Measured[]> {
  const shop = openShop(library, places)
  const verdicts: Measured[] = []
  for (const [name, payment] of Object.entries(payments))
    verdicts.push({ name, struck: payment.struck, ...(await judge(() => untilReset(() => pay(shop, payment)))) })
  const sent = { GET: (await measure(shop, 'GET')).arrivals, POST: (await measure(shop, 'POST')).arrivals }
  return [...verdicts, { name: MEASURED, sent }]
}

async function judge(run: () => Promise<Strikes>): Promise<{ problem: string } | { resets: number }> {
  try {
    return { resets: (await run()).resets }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

/** Which connection a runtime takes is up to it: so until it took one that was used before, five times at most. */
async function untilReset(run: () => Promise<Strikes>): Promise<Strikes> {
  for (let tries = 1; ; tries++) {
    const strikes = await run()
    if (strikes.resets > 0) return strikes
    if (tries === 5) return { arrivals: 0, resets: 0 }
  }
}

async function pay(shop: Shop, { struck, faults = [], end, charges }: Payment): Promise<Strikes> {
  const order: Order = shop.order()
  for (const fault of faults) await shop.fault(order, fault)
  await arm(shop, struck)
  // Late enough for the first question to find the task done, on the connection that the payment was submitted on.
  const outcome = await shop
    .client({ schedule: () => 300 })
    .submit('payments', order)
    .outcome()
  const strikes = await arm(shop, 'nothing')
  if (strikes.resets === 0) return strikes
  expect(end.test(ended(outcome)), `ended in ${ended(outcome)}, not in ${end.source}`)
  const charged = await shop.charges(order)
  expect(charged === charges, `${charged} charges, not ${charges}`)
  const keys = new Set((await shop.exchanges(order.tracking_id, 'submit')).map((each) => each.requestIdHeader))
  expect(keys.size === 1, `${keys.size} RequestIDs`)
  return strikes
}

const measure = (shop: Shop, method: 'GET' | 'POST'): Promise<Strikes> =>
  untilReset(async () => {
    await arm(shop, 'raw')
    const body = method === 'POST' ? { body: '{}' } : {}
    await fetch(`${shop.gatewayUrl}/raw/${uniqueId()}`, { method, ...body }).catch(() => {})
    return arm(shop, 'nothing')
  })

/** Tells what came of the last arming. The connection that it is asked on has then been used. */
async function arm(shop: Shop, struck: Struck, tries = 5): Promise<Strikes> {
  try {
    const answer = await fetch(`${shop.gatewayUrl}/arm/${struck}/${uniqueId()}`)
    const strikes = (await answer.json()) as Strikes
    // Until the connection is free for the next one.
    await sleep(50)
    return strikes
  } catch (error) {
    if (tries === 0) throw error
    return arm(shop, struck, tries - 1)
  }
}
