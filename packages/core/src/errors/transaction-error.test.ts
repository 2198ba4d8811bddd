import { expect, it } from 'vitest'
import { TransactionError } from './transaction-error.ts'

it.each([
  [{}, 'unknown'],
  [{ effect: undefined }, 'unknown'],
  [{ effect: 'none' } as const, 'none'],
])('an error that says %j of the money has the effect %s', (fields, effect) => {
  expect(new TransactionError({ code: 'protocol', ...fields }).effect).toBe(effect)
})
