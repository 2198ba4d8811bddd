import { expect, it } from 'vitest'
import { createClient } from '../client/create-client.ts'
import { memoryJournal } from '../journal/memory-journal.ts'
import { createSimulatedClock } from '../lib/simulated-clock.ts'
import { inPage } from './browser-client.ts'
import { hear } from './shared-answers.ts'

const json = (status: number, body: object, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers })
const locks = { request: async (_: string, __: object, hold: () => Promise<unknown>) => hold() }

it.each([
  ['a page', { navigator: { locks } }],
  ['a client without one', undefined],
])('in %s, last words are the end, though an answer was lost after them', async (_, page) => {
  const clock = createSimulatedClock()
  let asked = 0
  const fetch = async ({ method, url }: Request): Promise<Response> => {
    if (method === 'POST') return json(200, { status: 'processing', request_id: 'task-1' })
    if (!url.includes('/async/')) return json(200, { transactions: [] })
    asked += 1
    if (asked === 1) return json(429, { message: 'The acquirer is down' }, { 'retry-after': '1' })
    if (asked === 2) throw new TypeError('cut')
    return json(404, { status: 'unknown', request_id: 'task-1' })
  }
  const options = { baseUrl: 'https://gateway.test', auth: () => 'Bearer x', clock, fetch }
  const client = createClient(page ? inPage({ ...options, answers: memoryJournal() }, page) : options)
  const task = client.submit('payments', { amount: 1, currency: 'KZT', description: 'Order', credit_card: {} })
  expect(await clock.until(task.outcome())).toMatchObject({
    error: { code: 'gateway-error', message: 'The acquirer is down' },
  })
})

const heard = (status: number, body: object): unknown => {
  const answer = { status, headers: new Headers() }
  const told = hear(answer, JSON.stringify(body), 'status', { requestId: '1234567890123456', lost: true, now: 0 })
  return JSON.parse(told?.body ?? 'null')
}

it('what the tabs keep of an error has no card number, in no field and no name of one, but whole ids', () => {
  const card = '4200000000000000'
  const request_id = '1234567890123456'
  const errors = { [card]: ['is odd'], credit_card: [card, { pan: card }] }
  expect(heard(422, { request_id, message: card, code: 4200000000000000, errors })).toEqual({
    request_id,
    message: '****0000',
    code: '****0000',
    errors: { '****0000': ['is odd'], credit_card: ['****0000', {}] },
  })
  expect(heard(404, { status: 'unknown', request_id })).toEqual({ status: 'unknown', request_id, lost: true })
})
