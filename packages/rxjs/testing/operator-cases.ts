/** What rxjs expects of any operator, over each of ours; and what each does with values. All in virtual time. */
import type { Client, TaskState } from '@async-transaction/core'
import type { Observable, OperatorFunction } from 'rxjs'
import type { RunHelpers } from 'rxjs/internal/testing/TestScheduler'
import { expect } from 'vitest'
import type { Libraries } from './libraries.ts'
import { states, taskOf, transactions } from './states.ts'

type Case = (libraries: Libraries) => void
type Values = Record<string, unknown>

interface Sample {
  /** The operator, anew; `marbles` are there for what it asks for. */
  readonly create: (libraries: Libraries, marbles: RunHelpers) => OperatorFunction<never, unknown>
  /** Values by letter: the first goes in at once, the second after two frames. */
  readonly values: Values
  readonly input: [string, string]
  /** What comes out for each, in the same frame. */
  readonly output: [string, string]
}

const values: Values = { ...states, ...transactions, 0: 0, 1: 1, h: 0.5, e: transactions.s, g: { balance: 5 } }
const nobody = { resume: () => undefined, find: () => undefined } as unknown as Client

const samples: Record<string, Sample> = {
  settled: { create: ({ ours }) => ours.settled(), values, input: ['p', 'r'], output: ['', 'r'] },
  toTransaction: { create: ({ ours }) => ours.toTransaction(), values, input: ['r', 'R'], output: ['e', 'g'] },
  distinctStatus: { create: ({ ours }) => ours.distinctStatus(), values, input: ['p', 'c'], output: ['p', 'c'] },
  lookupUnknown: { create: ({ ours }) => ours.lookupUnknown(nobody), values, input: ['p', 'r'], output: ['p', 'r'] },
  followIncomplete: {
    create: ({ ours }) => ours.followIncomplete(nobody),
    values,
    input: ['s', 'f'],
    output: ['s', 'f'],
  },
  noticeAfter: { create: ({ ours }) => ours.noticeAfter(9, 'late'), values, input: ['p', 'r'], output: ['p', 'r'] },
  toProgress: { create: ({ ours }) => ours.toProgress(), values, input: ['q', 'r'], output: ['h', '1'] },
  submitTransaction: {
    create: ({ ours, rxjs }) => {
      const submit = (_: string, request: TaskState) => taskOf(rxjs.of(request))
      return ours.submitTransaction({ submit } as unknown as Client, 'payments') as OperatorFunction<never, unknown>
    },
    values,
    input: ['p', 'r'],
    output: ['p', 'r'],
  },
}

export const run = ({ testing }: Libraries, test: (marbles: RunHelpers) => void): void =>
  new testing.TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(test)

/** Each rule of an operator: diagrams with `1`, `2` for what goes in, and what comes out. */
const rules: Record<string, (libraries: Libraries, marbles: RunHelpers, sample: Sample) => void> = {
  'emits, completes and lets go of its source with it': (libraries, marbles, sample) => {
    const source = marbles.cold(inward('1-2|', sample), sample.values)
    marbles.expectObservable(through(libraries, marbles, sample, source)).toBe(outward('1-2|', sample), sample.values)
    marbles.expectSubscriptions(source.subscriptions).toBe('^--!')
  },
  'passes an error on, and lets go': (libraries, marbles, sample) => {
    const source = marbles.cold(inward('1-#', sample), sample.values)
    marbles.expectObservable(through(libraries, marbles, sample, source)).toBe(outward('1-#', sample), sample.values)
    marbles.expectSubscriptions(source.subscriptions).toBe('^-!')
  },
  'lets go in the frame in which it is left': (libraries, marbles, sample) => {
    const source = marbles.cold(inward('1-2-----', sample), sample.values)
    const left = through(libraries, marbles, sample, source)
    marbles.expectObservable(left, '^---!').toBe(outward('1-2-----', sample), sample.values)
    marbles.expectSubscriptions(source.subscriptions).toBe('^---!')
  },
  'is ended by takeUntil': (libraries, marbles, sample) => {
    const source = marbles.cold(inward('1-2-----', sample), sample.values)
    const until = through(libraries, marbles, sample, source).pipe(libraries.operators.takeUntil(marbles.cold('---0')))
    marbles.expectObservable(until).toBe(outward('1-2|', sample), sample.values)
    marbles.expectSubscriptions(source.subscriptions).toBe('^--!')
  },
  'does nothing until it is subscribed to, and subscribes once for each subscriber': (libraries, marbles, sample) => {
    const source = marbles.cold(inward('1-2|', sample), sample.values)
    const observable = through(libraries, marbles, sample, source)
    marbles.expectObservable(observable, '-^').toBe(outward('-1-2|', sample), sample.values)
    marbles.expectObservable(observable, '----^').toBe(outward('----1-2|', sample), sample.values)
    marbles.expectSubscriptions(source.subscriptions).toBe(['-^--!', '----^--!'])
  },
  'is subscribed to once behind share': (libraries, marbles, sample) => {
    const source = marbles.cold(inward('1-2|', sample), sample.values)
    const shared = through(libraries, marbles, sample, source).pipe(libraries.operators.share())
    marbles.expectObservable(shared).toBe(outward('1-2|', sample), sample.values)
    marbles.expectObservable(shared, '-^').toBe(outward('--2|', sample), sample.values)
    marbles.expectSubscriptions(source.subscriptions).toBe('^--!')
  },
  'begins again with retry and repeat, as new': (libraries, marbles, sample) => {
    const { retry, repeat } = libraries.operators
    const failing = marbles.cold(inward('1-#', sample), sample.values)
    marbles
      .expectObservable(through(libraries, marbles, sample, failing).pipe(retry(1)))
      .toBe(outward('1-1-#', sample), sample.values)
    marbles.expectSubscriptions(failing.subscriptions).toBe(['^-!', '--^-!'])
    const source = marbles.cold(inward('1-2|', sample), sample.values)
    marbles
      .expectObservable(through(libraries, marbles, sample, source).pipe(repeat(2)))
      .toBe(outward('1-21-2|', sample), sample.values)
    marbles.expectSubscriptions(source.subscriptions).toBe(['^--!', '---^--!'])
  },
  'takes a synchronous source, and stops it where nobody listens any more': (libraries, marbles, sample) => {
    const given = sample.input.map((letter) => sample.values[letter])
    const received: unknown[] = []
    let asked = 0
    const source = new libraries.rxjs.Observable<unknown>((subscriber) => {
      for (let round = 0; round < 100 && !subscriber.closed; round++) {
        asked += 1
        subscriber.next(given[round % 2])
      }
    })
    through(libraries, marbles, sample, source)
      .pipe(libraries.operators.take(1))
      .subscribe((value) => received.push(value))
    const letter = sample.output[0] || sample.output[1]
    expect(received).toEqual([sample.values[letter]])
    expect(asked).toBe(sample.output[0] ? 1 : 2)
  },
  'takes a source that is over before it began': (libraries, marbles, sample) => {
    marbles.expectObservable(through(libraries, marbles, sample, libraries.rxjs.EMPTY)).toBe('|')
    marbles.expectObservable(through(libraries, marbles, sample, marbles.cold('---|'))).toBe('---|')
  },
  'hands what a callback throws down the error channel': (libraries, marbles, sample) => {
    const source = marbles.cold(inward('1-2|', sample), sample.values)
    const failing = through(libraries, marbles, sample, source).pipe(
      libraries.operators.map(() => {
        throw 'error'
      }),
    )
    marbles.expectObservable(failing).toBe(sample.output[0] ? '#' : '--#')
  },
}

const through = (
  libraries: Libraries,
  marbles: RunHelpers,
  sample: Sample,
  source: Observable<unknown>,
): Observable<unknown> => source.pipe(sample.create(libraries, marbles) as OperatorFunction<unknown, unknown>)

const inward = (diagram: string, { input }: Sample): string => diagram.replaceAll(/[12]/g, (n) => input[+n - 1] ?? '')
/** What is swallowed takes its frame all the same. */
const outward = (diagram: string, { output }: Sample): string =>
  diagram.replaceAll(/[12]/g, (n) => output[+n - 1] || '-')

export const operatorCases: [name: string, check: Case][] = Object.entries(samples).flatMap(([operator, sample]) =>
  Object.entries(rules).map(([rule, check]): [string, Case] => [
    `${operator} ${rule}`,
    (libraries) => run(libraries, (marbles) => check(libraries, marbles, sample)),
  ]),
)
