/** What a bundle of the published packages costs, and that the README tells. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { lastValueFrom } from 'rxjs'
import { beforeAll, expect, inject, it } from 'vitest'
import { isOverBudget, measure, type Size } from '../../scripts/size/measure.ts'
import { pay } from '../../scripts/size/polling-by-hand.ts'
import { tableIn, withTable } from '../../scripts/size/readme-table.ts'
import { startGateway } from './gateway.ts'

const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')
let sizes: Size[]
beforeAll(async () => {
  sizes = await measure(inject('consumer'))
})

it('no story is over its budget', () => {
  expect(sizes.filter(isOverBudget)).toEqual([])
})

it('a story is over its budget by one byte', () => {
  const budget = { own: 100, whole: 200 }
  const story = { title: 'a story', own: 100, whole: 200, budget }
  expect([story, { ...story, own: 101 }, { ...story, whole: 201 }].map(isOverBudget)).toEqual([false, true, true])
})

it("the README's table has the sizes as they are: npm run size -- --write", () => {
  expect(tableIn(readme).split('\n')).toEqual(tableIn(withTable(readme, sizes)).split('\n'))
  expect(tableIn(readme).split('\n')).toHaveLength(sizes.length + 2)
})

it('what is measured as done by hand pays, and charges again for a second subscriber', async () => {
  const { url, sandbox, close } = await startGateway()
  const credit_card = { number: '4200000000000000', verification_value: '123', exp_month: '05', exp_year: '2030' }
  const order = { amount: 3245, currency: 'KZT', description: 'x', tracking_id: 'order-17', credit_card }
  const payment = pay(url, `Basic ${btoa('361:a-secret-key')}`, order)
  expect(await lastValueFrom(payment)).toMatchObject({ transaction: { status: 'successful' } })
  // The gateway refuses the same amount on the same card for 30 seconds.
  order.amount += 1
  await lastValueFrom(payment)
  expect(sandbox.charges('order-17')).toBe(2)
  await close()
})
