/**
 * The machine, exhaustively: from the start, from a resumed handle and from a recovered submission, every event in every
 * state, until nothing new is found. The diagram in ARCHITECTURE.md is checked against what was seen.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { phaseOf, reduce, type TaskEvent } from './machine.ts'
import { CREDIT, type TaskRecord } from './record.ts'

const start: TaskRecord = {
  v: 1,
  requestKey: 'k',
  trackingId: 't',
  type: 'payments',
  createdAt: 0,
  polls: 0,
  lost: 0,
  tries: 0,
  credit: CREDIT,
}
const resumed: TaskRecord = { ...start, requestId: 'id' }
const starts: TaskRecord[] = [
  start,
  { ...start, maybeTaken: true },
  resumed,
  { ...resumed, lost: 1 },
  { ...resumed, completed: true },
  { ...resumed, gone: 'not-found' },
  { ...start, maybeTaken: true, recovered: true, failure: { code: 'submit-lost' } },
]

const transaction = { status: 'successful' }
const body = { transaction }
const details = { httpStatus: 500 }
const events: TaskEvent[] = [
  { type: 'accepted', requestId: 'id' },
  { type: 'processing' },
  { type: 'completed' },
  { type: 'answered', body, via: 'task' },
  { type: 'answered', body, via: 'webhook' },
  { type: 'answered', body, via: 'lookup' },
  ...(['submit-rejected', 'gateway-error', 'unauthorized', 'protocol', 'deadline', 'config'] as const).map(
    (code): TaskEvent => ({ type: 'failed', failure: { ...details, code } }),
  ),
  { type: 'throttled', details: { httpStatus: 429 } },
  { type: 'throttled', details: { httpStatus: 429, message: 'Later' } },
  { type: 'throttled', details: { httpStatus: 503, message: 'Later' } },
  { type: 'lost' },
  { type: 'gone', cause: 'not-found' },
  { type: 'gone', cause: 'expired' },
  { type: 'missing', candidates: [] },
  { type: 'missing', candidates: [transaction, transaction] },
]

/** What a record is apart from how often it was asked: counters beyond what the machine looks at are the same state. */
const identity = (record: TaskRecord): string =>
  JSON.stringify({ ...record, polls: 0, lost: Math.min(record.lost, 1), tries: record.recovered ? 0 : record.tries })

interface Edge {
  readonly from: TaskRecord
  readonly event: TaskEvent
  readonly to: TaskRecord
}

function walk(): { states: Map<string, TaskRecord>; edges: Edge[] } {
  const states = new Map(starts.map((record) => [identity(record), record]))
  const edges: Edge[] = []
  for (const from of states.values())
    for (const event of events) {
      const to = reduce(from, event)
      edges.push({ from, event, to })
      if (!states.has(identity(to))) states.set(identity(to), to)
    }
  return { states, edges }
}

const node = (record: TaskRecord): string => record.ending?.status ?? phaseOf(record)

describe('the machine', () => {
  it('was walked from end to end', () => {
    const { states, edges } = walk()
    console.log(`The machine: ${states.size} states, ${edges.length} edges`)
    expect(states.size).toBeGreaterThan(500)
  })

  it('never leaves a settled state, but for `unknown` by a webhook or a lookup', () => {
    const { edges } = walk()
    for (const { from, event, to } of edges) {
      if (!from.ending || to === from) continue
      expect(from.ending.status).toBe('unknown')
      expect(event).toMatchObject({ type: 'answered', via: expect.stringMatching(/webhook|lookup/) })
      expect(to.ending).toMatchObject({ status: 'result' })
    }
  })

  it('has every edge of the diagram, and no other', () => {
    const { edges } = walk()
    const diagram = readFileSync(join(import.meta.dirname, '../../../../ARCHITECTURE.md'), 'utf8')
    const drawn = new Set<string>()
    for (const [, from, to, labels = ''] of diagram.matchAll(/^ {2}(\w+) --> (\w+): (.+)$/gm))
      for (const label of labels.split(', ')) drawn.add(`${from} --${label}--> ${to}`)
    const seen = new Set(
      edges
        .filter(({ from, to }) => from !== to)
        .map(({ from, event, to }) => `${node(from)} --${event.type}--> ${node(to)}`),
    )
    expect([...seen].sort()).toEqual([...drawn].sort())
  })

  it('ends in success or failure only by the body of a gateway', () => {
    const { edges } = walk()
    for (const { event, to } of edges)
      if (to.ending?.status === 'result' && event.type === 'answered') expect(to.ending.body).toBe(event.body)
    for (const { from, event, to } of edges)
      if (!from.ending && to.ending?.status === 'result') expect(event.type).toBe('answered')
  })

  it('never says that the money was not touched, once a POST may have been taken', () => {
    const { edges } = walk()
    for (const { from, event, to } of edges) {
      const unheard = event.type === 'lost' || (event.type === 'throttled' && event.details.httpStatus === 503)
      const taken = from.maybeTaken || from.requestId || unheard
      if (taken && !from.ending && to.ending?.status === 'error') expect(to.ending.effect ?? 'unknown').toBe('unknown')
    }
  })

  it('never says `unknown` for what was heard', () => {
    const { edges } = walk()
    for (const { from, event, to } of edges)
      if (!from.ending && to.ending?.status === 'unknown') {
        expect(['answered', 'accepted', 'processing', 'completed']).not.toContain(event.type)
        expect(from.lastWords).toBeUndefined()
      }
  })

  it('takes a proxy’s word for why it is unknown over what was said while it was busy', () => {
    const busy: TaskRecord = { ...resumed, lastWords: { message: 'Ask again' } }
    expect(reduce(busy, { type: 'gone', cause: 'not-found' }).ending).toMatchObject({ code: 'gateway-error' })
    const told = reduce(busy, { type: 'gone', cause: 'answer-lost', told: true })
    expect(phaseOf(told)).toBe('lookup')
    expect(told.gone).toBe('answer-lost')
  })

  it('never forgets the gateway’s id, a loss, or that it is completed', () => {
    const { edges } = walk()
    for (const { from, to } of edges) {
      if (from.requestId) expect(to.requestId).toBe(from.requestId)
      expect(to.lost).toBeGreaterThanOrEqual(from.lost)
      if (from.completed) expect(to.completed).toBe(true)
      if (from.maybeTaken && !to.requestId) expect(to.maybeTaken).toBe(true)
    }
  })

  it('emits by the grammar processing* → completed? → result | unknown', () => {
    const { edges } = walk()
    const rank = (record: TaskRecord): number =>
      record.ending ? 3 : record.requestId === undefined ? 0 : record.completed ? 2 : 1
    for (const { from, to } of edges) expect(rank(to)).toBeGreaterThanOrEqual(rank(from))
  })

  it('sends three POSTs, and looks up five times, at most', () => {
    const { states } = walk()
    for (const record of states.values()) {
      if (phaseOf(record) === 'submit') expect(record.tries).toBeLessThan(3)
      if (phaseOf(record) === 'lookup' && !record.recovered) expect(record.tries).toBeLessThan(5)
      expect(record.credit).toBeGreaterThanOrEqual(0)
      expect(record.credit).toBeLessThanOrEqual(CREDIT)
    }
  })

  it('ends the lookup of a recovered submission by its deadline alone, not by credentials that are refused', () => {
    const recovered: TaskRecord = { ...start, maybeTaken: true, recovered: true, failure: { code: 'submit-lost' } }
    const refused = reduce(recovered, { type: 'failed', failure: { code: 'unauthorized' } })
    expect(phaseOf(refused)).toBe('lookup')
    expect(reduce(refused, { type: 'failed', failure: { code: 'deadline' } }).ending).toMatchObject({
      code: 'submit-lost',
    })
  })

  it('shows no candidates when no lookup was answered', () => {
    let record: TaskRecord = { ...resumed, gone: 'not-found' }
    while (!record.ending) record = reduce(record, { type: 'lost' })
    expect(record.ending).toEqual({ status: 'unknown', cause: 'not-found', candidates: [] })
  })

  it('can reach an ending from everywhere', () => {
    const { states, edges } = walk()
    const ends = new Set([...states].filter(([, record]) => record.ending).map(([key]) => key))
    for (let grown = true; grown; ) {
      grown = false
      for (const { from, to } of edges)
        if (ends.has(identity(to)) && !ends.has(identity(from))) {
          ends.add(identity(from))
          grown = true
        }
    }
    expect(ends.size).toBe(states.size)
  })

  it('does not touch what it is given', () => {
    const { states } = walk()
    const frozen = (record: TaskRecord): TaskRecord => Object.freeze(structuredClone(record))
    for (const record of states.values())
      for (const event of events) expect(() => reduce(frozen(record), event)).not.toThrow()
  })
})
