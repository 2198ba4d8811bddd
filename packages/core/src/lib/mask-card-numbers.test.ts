import { expect, it } from 'vitest'
import { maskCardNumbers } from './mask-card-numbers.ts'

it.each([
  ['Card 4200000000000000 is invalid', 'Card ****0000 is invalid'],
  ['4012 0000 0000 1097', '****1097'],
  ['PAN4012-0000-0000-1097;', 'PAN****1097;'],
  ['371449635398431 and 6759649826438453000', '****8431 and ****3000'],
  ['order 123456789012', 'order 123456789012'],
  ['uid 10203040-5060-4070-8090-102030405060', 'uid 10203040-5060-4070-8090-102030405060'],
])('%j is shown as %j', (text, shown) => {
  expect(maskCardNumbers(text)).toBe(shown)
})
