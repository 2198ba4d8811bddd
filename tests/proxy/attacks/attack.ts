/** An attack on the proxy: what it is, what it would bring, and how it is tried. */
import { expect } from 'vitest'
import { createShop, newOrder, type Order, type Raw, requestFor, type Shop } from '../shop.ts'

export interface Attack {
  readonly name: string
  /** What the attacker would have of it. */
  readonly gain: string
  /** Tries it on a shop of its own. Throws where it works. */
  readonly attempt: () => Promise<void>
}

/** A shop that nobody has paid in yet, an order in it, and the token of that order's customer. */
export interface Scene extends Shop {
  readonly order: Order
  readonly mine: string
  /** The customer's POST, with other fields. */
  readonly pay: (fields?: object, init?: RequestInit) => Promise<Raw>
}

export async function openScene(options: Parameters<typeof createShop>[0] = {}): Promise<Scene> {
  const shop = createShop(options)
  const order = newOrder()
  const mine = await shop.token(order)
  const pay: Scene['pay'] = (fields, init) => shop.post(mine, requestFor(order, undefined, fields), init)
  return { ...shop, order, mine, pay }
}

export const expectNothingSent = ({ sandbox }: Shop): void => expect(sandbox.requests()).toEqual([])

/** A refusal says a fixed text, and nothing of what it refuses. */
export function expectRefused({ status, body, text }: Raw, expected: number | readonly number[]): void {
  expect([expected].flat()).toContain(status)
  expect(Object.keys(body)).toEqual(['message', 'type', 'title', 'code'])
  expect(text).not.toMatch(/evil|gateway\.test/)
}

/** An attack that a status refuses, before anything is sent to the gateway. */
export const refused = (
  name: string,
  gain: string,
  status: number | readonly number[],
  send: (scene: Scene) => Promise<Raw>,
): Attack => ({
  name,
  gain,
  async attempt() {
    const scene = await openScene()
    expectRefused(await send(scene), status)
    expectNothingSent(scene)
  },
})
