import { expect, it } from 'vitest'
import { createClient } from '../client/create-client.ts'
import { memoryJournal } from '../journal/memory-journal.ts'
import { createSimulatedClock } from '../lib/simulated-clock.ts'
import { inPage } from './browser-client.ts'
import { type Heard, hear, merge, type SharedAnswer } from './shared-answers.ts'

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

const answer = (news: Heard['news'], askedAt: number, at: number = askedAt): SharedAnswer & { heard: Heard } => ({
  askedAt,
  lost: false,
  heard: { at, news, status: 200, headers: {}, body: `"${news} ${at}"` },
})
const outcome = answer('outcome', 1)
const confirmed = answer('confirmed', 1)
const words = (askedAt: number, at?: number) => answer('words', askedAt, at)
const processing = (askedAt: number) => answer('none', askedAt)

it.each<[string, SharedAnswer | undefined, SharedAnswer & { heard: Heard }, SharedAnswer]>([
  ['a result is kept, whatever is heard later', outcome, processing(2), outcome],
  ['a result is kept against a confirmed error', outcome, answer('confirmed', 2), outcome],
  ['a confirmed error is kept against a response that is none', confirmed, processing(2), confirmed],
  ['a result replaces a confirmed error', confirmed, answer('outcome', 0), answer('outcome', 0)],
  [
    'a result of a tab that thawed replaces a later processing',
    processing(5),
    answer('outcome', 1),
    answer('outcome', 1),
  ],
  ['a processing of a tab that thawed replaces nothing', processing(5), processing(1), processing(5)],
  ['an error is kept beside its response', undefined, words(1), { ...words(1), words: words(1).heard }],
  ['an error is dropped by a later processing', { ...words(1), words: words(1).heard }, processing(2), processing(2)],
  [
    'an error outlasts a processing that was asked for before it came',
    { ...words(1, 3), words: words(1, 3).heard },
    processing(2),
    { ...processing(2), words: words(1, 3).heard },
  ],
  [
    'an error of a tab that thawed is dropped by a processing that was asked for later',
    processing(5),
    words(1),
    processing(5),
  ],
  [
    'an error of a tab that thawed is kept while another asks',
    { askedAt: 5, lost: true },
    words(1),
    { ...words(1), words: words(1).heard },
  ],
])('%s', (_, known, mine, expected) => {
  expect(merge(known, mine)).toEqual(expected)
})
