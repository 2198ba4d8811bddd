/** Every attack of the table, each on a shop of its own. */
import { expect, it } from 'vitest'
import { openScene } from './attack.ts'
import { fieldAttacks } from './fields.ts'
import { otherAttacks } from './others.ts'
import { requestAttacks } from './requests.ts'
import { tokenAttacks } from './tokens.ts'

const attacks = [...tokenAttacks, ...fieldAttacks, ...requestAttacks, ...otherAttacks]

it.each(attacks.map(({ name, gain, attempt }) => [name, gain, attempt] as const))(
  'holds: %s (else an attacker %s)',
  async (_name, _gain, attempt) => {
    await attempt()
  },
)

it('takes the same request without an attack in it', async () => {
  const scene = await openScene()
  expect((await scene.pay()).status).toBe(200)
  expect(scene.sandbox.charges(scene.order.trackingId)).toBe(1)
})

it('holds a hundred and sixty kinds of attack, none of them twice', () => {
  expect(attacks.length).toBeGreaterThanOrEqual(160)
  expect(new Set(attacks.map(({ name }) => name)).size).toBe(attacks.length)
})
