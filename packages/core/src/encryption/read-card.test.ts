import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { isTransactionError } from '../errors/is-transaction-error.ts'
import { readCard } from './read-card.ts'

const textOf = (name: string, value: unknown): string | undefined => readCard({ [name]: value }).texts[name]

const errorOf = (card: unknown): unknown => {
  try {
    return readCard(card)
  } catch (error) {
    return error
  }
}

describe('readCard', () => {
  it.each([
    ['number', '4200000000000000', '4200000000000000'],
    ['number', ' 4200 0000 0000 0000 ', '4200000000000000'],
    ['number', '4200-0000-0000-0000', '4200000000000000'],
    ['number', '4200\u00a00000\u202f0000\u20110000', '4200000000000000'],
    ['number', '4200–0000—0000\t0000', '4200000000000000'],
    ['number', 4200000000000000, '4200000000000000'],
    ['number', '676770000000', '676770000000'],
    ['number', '0000000000000000000', '0000000000000000000'],
    ['verification_value', '012', '012'],
    ['verification_value', ' 1234\n', '1234'],
    ['verification_value', 123, '123'],
    ['holder', ' JANE ROE ', 'JANE ROE'],
    ['holder', 'Әлия Нұрланқызы', 'Әлия Нұрланқызы'],
    ['holder', '陳大文', '陳大文'],
    ['holder', "O'Neill-Smith Jr. 3rd", "O'Neill-Smith Jr. 3rd"],
    ['exp_month', '5', '05'],
    ['exp_month', '05', '05'],
    ['exp_month', 5, '05'],
    ['exp_month', 12, '12'],
    ['exp_month', '10 ', '10'],
    ['exp_year', '30', '2030'],
    ['exp_year', 30, '2030'],
    ['exp_year', '2030', '2030'],
    ['exp_year', 2099, '2099'],
    ['exp_year', '20', '2020'],
    ['exp_year', '00', '2000'],
  ])('reads %s of %j as %j', (name, value, text) => {
    expect(textOf(name, value)).toBe(text)
  })

  it.each([
    ['number', ''],
    ['number', '42000000000'],
    ['number', '42000000000000000000'],
    ['number', '4200.0000.0000.0000'],
    ['number', '4200 0000 0000 000O'],
    ['number', '٤٢٠٠٠٠٠٠٠٠٠٠٠٠٠٠'],
    ['number', 9_100_000_000_000_000],
    ['number', -4200000000000000],
    ['number', { toString: () => '4200000000000000' }],
    ['number', ['4200000000000000']],
    ['number', true],
    ['verification_value', ''],
    ['verification_value', '12'],
    ['verification_value', '98765'],
    ['verification_value', 98],
    ['verification_value', 98.7],
    ['verification_value', Number.NaN],
    ['holder', ''],
    ['holder', '   '],
    ['holder', '4200 0000 0000 0000'],
    ['holder', 4200],
    ['exp_month', '0'],
    ['exp_month', '00'],
    ['exp_month', 0],
    ['exp_month', '13'],
    ['exp_month', '005'],
    ['exp_month', '05/30'],
    ['exp_month', 'May'],
    ['exp_month', 5.5],
    ['exp_year', '5'],
    ['exp_year', '130'],
    ['exp_year', '1930'],
    ['exp_year', '2130'],
    ['exp_year', '20300'],
    ['exp_year', -30],
    ['exp_year', new Date(0)],
  ])('refuses a %s of %j by its name', (name, value) => {
    const error = errorOf({ [name]: value })
    expect(error).toMatchObject({
      code: 'request-invalid',
      effect: 'none',
      message: expect.stringMatching(new RegExp(`^${name} must be `)),
    })
    expect(isTransactionError(error)).toBe(true)
  })

  it('shows no value of the card in any printing of an error', () => {
    const secrets = {
      number: '4200000000000ABC',
      verification_value: '98765',
      holder: '31415',
      exp_month: '77',
      exp_year: '1931',
      pin: '2718',
    }
    for (const [name, value] of Object.entries(secrets)) {
      const error = errorOf({ number: '4005550000000019', [name]: value })
      const shown = inspect(error, { depth: 9, showHidden: true }).replace(/\n {4}at .*/g, '') + JSON.stringify(error)
      expect(shown).toContain(name)
      expect(shown).not.toContain(value)
      expect(shown).not.toContain('4005550000000019')
    }
  })

  it('leaves out what is not there', () => {
    expect(
      readCard({ number: '4200000000000000', holder: undefined, token: undefined, verification_value: null }),
    ).toEqual({
      texts: { number: '4200000000000000' },
      flags: {},
    })
  })

  it('passes flags on, known or not', () => {
    const flags = { save_card: true, skip_three_d_secure_verification: false, a_flag_of_tomorrow: true }
    expect(readCard({ verification_value: '123', ...flags })).toEqual({ texts: { verification_value: '123' }, flags })
  })

  it.each([
    ['a text', { number: '4200000000000000', cvc: '123' }, 'cvc is not a field of a card'],
    ['a number', { number: '4200000000000000', pin: 1234 }, 'pin is not a field of a card'],
    ['an object', { number: '4200000000000000', track: {} }, 'track is not a field of a card'],
    ['what every object has', { number: '4200000000000000', toString: 'x' }, 'toString is not a field of a card'],
    ['a saved card', { token: 'b5a3', verification_value: '123' }, 'credit_card.token'],
  ])('sends no other field in the clear: %s', (_, card, message) => {
    expect(errorOf(card)).toMatchObject({
      code: 'request-invalid',
      effect: 'none',
      message: expect.stringContaining(message),
    })
  })

  it.each([[{}], [undefined], [null], [7], [''], [[]], [{ save_card: true }], [{ holder: undefined }]])(
    'refuses %j, which has nothing to encrypt',
    (card) => {
      const message = 'card must have at least one of number, verification_value, holder, exp_month, exp_year'
      expect(errorOf(card)).toMatchObject({ code: 'request-invalid', effect: 'none', message })
    },
  )
})
