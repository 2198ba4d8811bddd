import { expect, it } from 'vitest'
import { readCard, readEncryptedCard } from './card.ts'
import { brandOf, isPlausibleCardNumber } from './card-number.ts'

it('takes 12 to 19 digits with a right check digit', () => {
  expect(['4200000000000000', '4012000000001097', '378282246310005'].every(isPlausibleCardNumber)).toBe(true)
  for (const wrong of ['4200000000000001', '42', '4200 0000 0000 0000', '', 4200000000000000, null]) {
    expect(isPlausibleCardNumber(wrong)).toBe(false)
  }
})

it.each([
  ['4200000000000000', 'visa'],
  ['5555555555554444', 'master'],
  ['2223003122003222', 'master'],
  ['2200000000000053', 'mir'],
  ['378282246310005', 'amex'],
  ['6200000000000005', 'unionpay'],
  ['9999999999999995', 'unknown'],
])('knows the brand of %s', (number, brand) => {
  expect(brandOf(number)).toBe(brand)
})

it('keeps what may be shown of a card, and not the number', () => {
  const card = readCard({ holder: 'JANE DOE', exp_month: '05', exp_year: '2035' }, '4005550000000019', 'salt')
  expect(card).toMatchObject({ behaviour: 'is-declined', last4: '0019', first1: '4', bin: '400555' })
  expect(card).toMatchObject({ holder: 'JANE DOE', expMonth: 5, expYear: 2035 })
  expect(JSON.stringify(card)).not.toContain('4005550000000019')
})

it.each([
  ['4200000000000000', '09', 'succeeds'],
  ['4200000000000000', '10', 'is-declined'],
  ['4012000000001006', '10', 'is-frictionless'],
  ['5204240000015011', '05', 'is-frictionless'],
  ['5204240000015029', '05', 'is-challenged'],
  ['4012000000003010', '05', 'is-challenged'],
  ['4012000000001030', '05', 'fails-challenge'],
])('knows how %s of month %s behaves', (number, exp_month, behaviour) => {
  expect(readCard({ exp_month, exp_year: '2035' }, number, 'salt').behaviour).toBe(behaviour)
})

it('stamps a number the same each time, and another sandbox or number otherwise', () => {
  const { stamp } = readCard({}, '4200000000000000', 'salt')
  expect(stamp).toMatch(/^[0-9a-f]{64}$/)
  expect(readCard({ holder: 'OTHER' }, '4200000000000000', 'salt').stamp).toBe(stamp)
  expect(readCard({}, '4200000000000000', 'other').stamp).not.toBe(stamp)
  expect(readCard({}, '4005550000000019', 'salt').stamp).not.toBe(stamp)
})

it('lets an encrypted card stand for the one that succeeds', () => {
  const now = Date.UTC(2026, 0, 1)
  const card = readEncryptedCard('$begatewaycsejs_1_0_0$AAAA', now, 'salt')
  expect(card).toMatchObject({ behaviour: 'succeeds', last4: '0000', expYear: 2028 })
  expect(readEncryptedCard('$begatewaycsejs_1_0_0$BBBB', now, 'salt').stamp).not.toBe(card.stamp)
})
