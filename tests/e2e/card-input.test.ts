import { expect, it } from 'vitest'
import {
  brandOf,
  cardFields,
  complaintsAbout,
  cursorAfter,
  emptyCard,
  formatExpiry,
  groupNumber,
} from '../../examples/card-input/card-input.ts'

/** What the field shows after each key. */
const typing = (keys: string): string => [...keys].reduce((shown, key) => formatExpiry(shown + key, shown), '')

it.each([
  ['1/31', '01 / 31'],
  ['131', '01 / 31'],
  ['5', '05 / '],
  ['530', '05 / 30'],
  ['05/2030', '05 / 30'],
  ['052030', '05 / 30'],
  ['05 / 30', '05 / 30'],
  ['05-30', '05 / 30'],
  ['12/30', '12 / 30'],
  ['0/', '00 / '],
])('a date typed as %s is %s', (keys, shown) => {
  expect(typing(keys)).toBe(shown)
})

it.each([
  ['05/2030', '05 / 30'],
  ['2030-05', '05 / 30'],
  [' 5/30', '05 / 30'],
  ['０５／３０', '05 / 30'],
  ['05.2030', '05 / 30'],
  ['1/31', '01 / 31'],
])('a date pasted or filled in as %s is %s', (pasted, shown) => {
  expect(formatExpiry(pasted, '')).toBe(shown)
})

it('the slash of a date can be deleted', () => {
  expect(formatExpiry('05 /', '05 / ')).toBe('0')
  expect(formatExpiry('05 / ', '05 / 3')).toBe('05')
})

const now = new Date(2026, 10, 30)
const card = { number: '4200 0000 0000 0000', expiry: '05 / 30', cvc: '123', holder: 'JANE ROE' }

it.each([
  ['number', '', 'Enter the long number on your card.'],
  ['number', '4200 0000', 'Some digits are missing: Visa has 16.'],
  ['number', '4200 0000 0000 0001', 'A digit is wrong: compare with your card.'],
  ['number', '3782 822463 1000', 'Some digits are missing: American Express has 15.'],
  ['expiry', '', 'Enter the month and the year on your card.'],
  ['expiry', '00 / 30', 'The month must be 01 to 12.'],
  ['expiry', '05 / ', 'The year is missing: two digits, as on your card.'],
  ['expiry', '10 / 26', 'This card has expired: use another one.'],
  ['expiry', '05 / 20', 'This card has expired: use another one.'],
  ['expiry', '05 / 99', 'No card is valid that long: check the year.'],
  ['cvc', '12', 'Enter the 3 digits on the back of your card.'],
  ['holder', ' ', 'Enter the name as it is on your card.'],
  ['holder', '4200000000000000', 'This is a card number: enter the name on your card.'],
  ['holder', '...', 'Enter the name in letters, as it is on your card.'],
])('of %s "%s" it is said: %s', (field, value, said) => {
  const cvc = value.startsWith('37') ? '1234' : '123'
  expect(complaintsAbout({ ...card, cvc, [field]: value }, now)).toEqual({ [field]: said })
})

it.each(['11 / 26', '12 / 26', '11 / 46'])('a card that is valid until %s is good', (expiry) => {
  expect(complaintsAbout({ ...card, expiry }, now)).toEqual({})
})

it('an American Express has four digits on its front', () => {
  const amex = { ...card, number: groupNumber('378282246310005') }
  expect(amex.number).toBe('3782 822463 10005')
  expect(complaintsAbout(amex, now)).toEqual({ cvc: 'Enter the 4 digits on the front of your card.' })
})

it.each([
  ['4', 'Visa'],
  ['5105105105105100', 'Mastercard'],
  ['2221000000000009', 'Mastercard'],
  ['2200000000000004', 'Mir'],
  ['6200000000000005', 'UnionPay'],
  ['9', ''],
])('%s is of %s', (number, name) => expect(brandOf(number)).toBe(name))

it('a number is grouped whatever stands between its digits, and keeps the cursor where it was', () => {
  expect(groupNumber('4200-0000 0000.0000')).toBe('4200 0000 0000 0000')
  expect(groupNumber('４２０００')).toBe('4200 0')
  expect(cursorAfter('4200 1000', '42001 000', 5)).toBe(6)
})

it('gives the fields of the gateway', () => {
  expect(cardFields(card)).toMatchObject({ number: '4200000000000000', exp_month: '05', exp_year: '2030' })
  expect(complaintsAbout(emptyCard, now)).toHaveProperty('number')
})
