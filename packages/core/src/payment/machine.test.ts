/**
 * The machine, exhaustively: from the start, from a resumed handle and from a recovered submission, every event in every
 * state, early and late, until nothing new is found. The diagram in ARCHITECTURE.md is checked against the edges. The
 * walk has fewer events unless `WALK=full` is set, as in `.ci/run`.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { describe, expect, it } from 'vitest'
import type { Transaction } from '../schema/transaction.ts'
import { phaseOf, reduce } from './machine.ts'
import type { PaymentEvent } from './payment-event.ts'
import { type FailureDetails, isAnswer, type PaymentRecord, recovering } from './record.ts'

const start: PaymentRecord = {
  v: 1,
  requestKey: 'k',
  trackingId: 't',
  type: 'payments',
  createdAt: 0,
  polls: 0,
  lost: 0,
  tries: 0,
}
const accepted: PaymentRecord = { ...start, requestId: 'id' }
/** A task that returned the same error nine times. */
const repeating = (details: FailureDetails): PaymentRecord => ({
  ...accepted,
  lastWords: { ...details, polls: 9, at: 0 },
  repeated: { text: `${details.httpStatus} ${details.message}`, times: 9 },
})
const said = { httpStatus: 500, message: 'Boom' }
const refused = { httpStatus: 422, message: 'No', fieldErrors: { amount: ['is odd'] } }
const welcome = { httpStatus: 200, message: 'Welcome' }
const starts: PaymentRecord[] = [
  start,
  { ...start, inDoubt: true },
  { ...start, unread: true },
  accepted,
  { ...accepted, inDoubt: true },
  { ...accepted, lost: 1 },
  { ...accepted, completed: true },
  { ...accepted, gone: 'not-found' },
  recovering(start),
  repeating(refused),
  repeating(welcome),
]

const transaction = (status: string, uid = 'u'): Transaction => ({ uid, status, redirect_url: 'https://bank.test' })
const running: Transaction = { uid: 'u', status: 'incomplete' }
const listed = (...candidates: Transaction[]): PaymentEvent => ({
  type: 'listed',
  candidates,
  ...(candidates.length === 1 && { ours: candidates[0] }),
})

const few: PaymentEvent[] = [
  { type: 'accepted', requestId: 'id' },
  { type: 'processing', askedAt: 0 },
  { type: 'completed', askedAt: 0 },
  { type: 'answered', body: { transaction: transaction('successful') }, via: 'task' },
  { type: 'answered', body: { transaction: transaction('failed') }, via: 'webhook' },
  listed(),
  listed(transaction('successful')),
  listed(transaction('failed')),
  listed(running),
  { type: 'refused', details: refused, certain: true },
  { type: 'refused', details: { httpStatus: 404, message: 'No' }, certain: false },
  { type: 'denied', details: { httpStatus: 401 } },
  { type: 'error', details: refused },
  { type: 'error', details: welcome },
  { type: 'confirmed', details: refused, effect: 'none' },
  { type: 'throttled', details: { httpStatus: 429 } },
  { type: 'throttled', details: { httpStatus: 503, message: 'Later' } },
  { type: 'unsent', cause: 'ENOTFOUND' },
  { type: 'lost' },
  { type: 'gone', cause: 'not-found', certain: true },
  { type: 'late' },
  { type: 'failed', failure: { code: 'deadline' } },
  { type: 'failed', failure: { code: 'protocol', effect: 'unknown' } },
]
const events: PaymentEvent[] = process.env.WALK
  ? [
      ...few,
      { type: 'error', details: said },
      listed(transaction('failed'), transaction('failed', 'v')),
      { type: 'answered', body: { transaction: transaction('incomplete') }, via: 'webhook' },
      listed(transaction('incomplete')),
      listed(transaction('failed', 'v')),
      { type: 'listed', candidates: [], open: true },
      { type: 'refused', details: { httpStatus: 403 }, certain: false },
      { type: 'denied', details: { httpStatus: 401, message: 'No' }, renewed: true },
      { type: 'gone', cause: 'expired', certain: false },
      { type: 'gone', cause: 'answer-lost', certain: true, told: true },
      { type: 'failed', failure: { code: 'config' } },
    ]
  : few

/** Early, and so late that every time of the rules has passed. */
const times = [0, 60_000]

/**
 * What a record is apart from counters that the machine only keeps: of polls, of losses beyond the first, and of equal
 * errors below the tenth; and apart from when it was.
 */
function identity(record: PaymentRecord): string {
  const { lastWords, repeated, retryQuota, denied, alive, unknownAt, lookups, ending, ...known } = record
  return JSON.stringify({
    ...known,
    polls: 0,
    lost: Math.min(record.lost, 1),
    words: lastWords && [lastWords.httpStatus, lastWords.message],
    repeated: repeated && [repeated.text, Math.max(8, repeated.times % 10)],
    denied: denied && [Math.min(denied.times, 3), denied.since],
    lookups: lookups && {
      ...lookups,
      asked: record.recovered ? 0 : Math.min(lookups.asked, 10),
      empty: lookups.empty === lookups.asked,
    },
    ending: ending?.status === 'error' ? [ending.code, ending.effect, ending.httpStatus] : ending,
  })
}

interface Edge {
  readonly from: PaymentRecord
  readonly event: PaymentEvent
  readonly to: PaymentRecord
  readonly now: number
}

function walk(): { states: Map<string, PaymentRecord>; edges: Edge[] } {
  const states = new Map(starts.map((record) => [identity(record), record]))
  const edges: Edge[] = []
  for (const from of states.values())
    for (const event of events)
      for (const now of times) {
        const to = reduce(from, event, now)
        edges.push({ from, event, to, now })
        if (!states.has(identity(to))) states.set(identity(to), to)
      }
  return { states, edges }
}
const { states, edges } = walk()

const node = (record: PaymentRecord): string => record.ending?.status ?? phaseOf(record)
const effectOf = ({ ending }: PaymentRecord) => (ending?.status === 'error' ? (ending.effect ?? 'unknown') : undefined)

/** The edges that break a rule: a million of them are too many for an `expect` each. */
const breaking = (breaks: (edge: Edge) => unknown): Edge[] => edges.filter(breaks).slice(0, 3)

describe('the machine', () => {
  it('was walked from end to end', () => {
    console.log(`The machine: ${states.size} states, ${edges.length} edges`)
    expect(states.size).toBeGreaterThan(500)
  })

  it('leaves an end only for a result, by a webhook or a lookup: `unknown`, `gateway-error`, an older result', () => {
    const left = ({ from, to }: Edge) => from.ending && to.ending !== from.ending
    const mayLeave = ({ event, from, to }: Edge) =>
      (event.type === 'listed' || (event.type === 'answered' && event.via === 'webhook')) &&
      to.ending?.status === 'result' &&
      (from.ending?.status !== 'error' || from.ending.code === 'gateway-error')
    expect(breaking((edge) => left(edge) && !mayLeave(edge))).toEqual([])
  })

  it('has every edge of the diagram, and no other', () => {
    const diagram = readFileSync(join(import.meta.dirname, '../../../../ARCHITECTURE.md'), 'utf8')
    const drawn = new Set<string>()
    for (const [, from, to, labels = ''] of diagram.matchAll(/^ {2}(\w+) --> (\w+): (.+)$/gm))
      for (const label of labels.split(', ')) drawn.add(`${from} --${label}--> ${to}`)
    const seen = new Set(
      edges
        .filter(({ from, to }) => node(from) !== node(to))
        .map(({ from, event, to }) => `${node(from)} --${event.type}--> ${node(to)}`),
    )
    expect([...seen].filter((edge) => !drawn.has(edge))).toEqual([])
    if (process.env.WALK) expect([...drawn].filter((edge) => !seen.has(edge))).toEqual([])
  })

  it('ends in success or failure only by the body of a gateway', () => {
    const isBody = ({ event, to: { ending } }: Edge) =>
      ending?.status === 'result' &&
      (event.type === 'answered'
        ? ending.body === event.body
        : event.type === 'listed' &&
          event.candidates.includes((ending.body as { transaction: Transaction }).transaction))
    expect(
      breaking((edge) => edge.to.ending?.status === 'result' && edge.to.ending !== edge.from.ending && !isBody(edge)),
    ).toEqual([])
  })

  it('says that the money was not touched only if no POST is in doubt, and nothing of ours was listed', () => {
    expect(
      breaking(({ from, event, to }) => {
        if (from.ending || effectOf(to) !== 'none' || event.type === 'confirmed') return false
        const listsOurs = event.type === 'listed' && (event.candidates.length || event.open)
        // A task that was accepted may have charged, but for a card that the gateway refused in it.
        const { httpStatus = 0, code = '' } = to.ending?.status === 'error' ? to.ending : {}
        return (
          to.inDoubt ||
          event.type === 'lost' ||
          listsOurs ||
          (from.requestId && !(code === 'gateway-error' && httpStatus === 422))
        )
      }),
    ).toEqual([])
  })

  it('ends in an error of the gateway only after a 404 of our task, a proxy’s word, or ten equal 200s', () => {
    expect(
      breaking(({ from, event, to: { ending } }) => {
        if (from.ending || ending?.status !== 'error' || ending.code !== 'gateway-error') return false
        const { gone, lastWords } = from
        return (
          event.type !== 'confirmed' &&
          !(phaseOf(from) === 'lookup' && lastWords && (gone || lastWords.httpStatus === 200))
        )
      }),
    ).toEqual([])
  })

  it('never says `unknown` for an error that came, nor before five lookups', () => {
    expect(
      breaking(
        ({ from, event, to }) =>
          !from.ending &&
          to.ending?.status === 'unknown' &&
          (from.lastWords || (event.type !== 'failed' && !((to.lookups?.asked ?? 0) >= 5))),
      ),
    ).toEqual([])
  })

  it('takes a proxy’s word for why it is unknown over an error that a server between may have returned', () => {
    const erred = reduce(accepted, { type: 'error', details: said }, 0)
    expect(reduce(erred, { type: 'gone', cause: 'not-found', certain: true }, 0).lastWords).toBeDefined()
    const told = reduce(erred, { type: 'gone', cause: 'answer-lost', certain: true, told: true }, 0)
    expect(phaseOf(told)).toBe('lookup')
    expect(told).toMatchObject({ gone: 'answer-lost' })
    expect(told.lastWords).toBeUndefined()
  })

  it('polls on after a 404 that does not name the task, if there was an error', () => {
    const erred = reduce(accepted, { type: 'error', details: said }, 0)
    const next = reduce(erred, { type: 'gone', cause: 'not-found', certain: false }, 0)
    expect(phaseOf(next)).toBe('poll')
    expect(next).toMatchObject({ lost: 1, lastWords: said })
  })

  it.each([404, 408, 429, 502, 503, 504])(
    'keeps an error over a newer one of %i, which servers on the way return',
    (httpStatus) => {
      const erred = reduce(accepted, { type: 'error', details: said }, 0)
      const next = reduce(erred, { type: 'error', details: { httpStatus, message: 'Bad gateway' } }, 0)
      expect(next.lastWords).toMatchObject(said)
      expect(reduce(next, { type: 'error', details: refused }, 0).lastWords).toMatchObject(refused)
      const alone = reduce(accepted, { type: 'error', details: { httpStatus, message: 'Bad gateway' } }, 0)
      expect(alone.lastWords).toMatchObject({ httpStatus })
    },
  )

  it('takes a list for as old as its question, however long its answer was on its way', () => {
    const lost = reduce(accepted, { type: 'gone', cause: 'not-found', certain: true }, 0)
    const failed: Transaction = { uid: 'u', status: 'failed' }
    const list = (askedAt: number): PaymentEvent => ({ type: 'listed', ours: failed, candidates: [failed], askedAt })
    const once = reduce(lost, list(1000), 1000)
    expect(phaseOf(reduce(once, list(5000), 60_000))).toBe('lookup')
    expect(phaseOf(reduce(once, list(60_000), 60_000))).toBe('settled')
  })

  it('never forgets the gateway’s id, a loss, a doubt, or that it is completed', () => {
    expect(
      breaking(
        ({ from, to }) =>
          (from.requestId && to.requestId !== from.requestId) ||
          to.lost < from.lost ||
          (from.completed && !to.completed) ||
          (from.inDoubt && !to.inDoubt),
      ),
    ).toEqual([])
  })

  it('emits by the grammar processing* → completed? → result | unknown', () => {
    const rank = (record: PaymentRecord): number =>
      record.ending ? 3 : record.requestId === undefined ? 0 : record.completed ? 2 : 1
    expect(breaking(({ from, to }) => rank(to) < rank(from))).toEqual([])
  })

  it('sends three POSTs at most, and keeps its quota in bounds', () => {
    for (const record of states.values()) {
      if (phaseOf(record) === 'submit') expect(record.tries).toBeLessThan(3)
      expect(record.retryQuota ?? 10).toBeGreaterThanOrEqual(0)
      expect(record.retryQuota ?? 0).toBeLessThanOrEqual(10)
    }
  })

  it('ends a run of lookups after ten at most, in their time; that of a recovered submission by its deadline alone', () => {
    expect(
      breaking(({ from, event, to, now }) => {
        if (phaseOf(from) !== 'lookup') return false
        if (from.recovered) return to.ending?.status === 'error' && event.type !== 'failed'
        const { asked = 0, since = 0 } = to.lookups ?? {}
        return node(to) === 'lookup' && asked > 10 && now - since >= 10_000
      }),
    ).toEqual([])
  })

  it('shows no candidates when no lookup was answered', () => {
    let record: PaymentRecord = { ...accepted, gone: 'not-found' }
    for (let now = 0; !record.ending; now += 5000) record = reduce(record, { type: 'lost' }, now)
    expect(record.ending).toEqual({ status: 'unknown', cause: 'not-found', candidates: [] })
  })

  it('can reach an ending from everywhere', () => {
    const keys = new Map<PaymentRecord, string>([...states].map(([key, record]) => [record, key]))
    const keyOf = (record: PaymentRecord): string => keys.get(record) ?? identity(record)
    const steps = new Map<string, Set<string>>()
    for (const { from, to } of edges) {
      const sources = steps.get(keyOf(to)) ?? new Set()
      steps.set(keyOf(to), sources.add(keyOf(from)))
    }
    const ends = new Set([...states].filter(([, record]) => record.ending).map(([key]) => key))
    for (const end of ends) for (const source of steps.get(end) ?? []) ends.add(source)
    expect(ends.size).toBe(states.size)
  })

  it('does not touch its arguments', () => {
    const sample = [...states.values()].filter((_, index) => index % 101 === 0)
    for (const record of sample)
      for (const event of events) expect(() => reduce(Object.freeze(structuredClone(record)), event, 0)).not.toThrow()
  })

  it('replays an answer, and nothing else that looks like an end', () => {
    const codes = new Set<string>()
    for (const { ending } of states.values())
      if (ending && isAnswer(ending)) codes.add(ending.status === 'error' ? ending.code : ending.status)
    expect([...codes].sort()).toEqual(['gateway-error', 'result', 'submit-rejected'])
  })
})
