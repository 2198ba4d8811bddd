/** What each operator does with values in time, in marble diagrams. */
import type { Client, TaskState, Transaction, TransactionTask } from '@async-transaction/core'
import type { Observable, OperatorFunction } from 'rxjs'
import type { RunHelpers } from 'rxjs/internal/testing/TestScheduler'
import { expect } from 'vitest'
import type { Libraries } from './libraries.ts'
import { run } from './operator-cases.ts'
import { handle, states, taskOf, transactions } from './states.ts'

type Check = (libraries: Libraries, marbles: RunHelpers) => void

interface Submission {
  readonly type: string
  readonly request: object
  readonly options: unknown
}

/** A client whose tasks follow `tasks`, one after the other, and that records what it was called with. */
function recording(tasks: TransactionTask[]): Client & { submitted: Submission[] } {
  const submitted: Submission[] = []
  const client = {
    submitted,
    submit(type: string, request: object, options: unknown) {
      submitted.push({ type, request, options })
      return tasks[submitted.length - 1] as TransactionTask
    },
  }
  return client as unknown as ReturnType<typeof recording>
}

const [a, b] = [{ order: 1 }, { order: 2 }]
const requests = { a, b }

/** `submitTransaction` over requests that need not be real. */
const submitting = (libraries: Libraries, client: Client, options = {}): OperatorFunction<object, TaskState> =>
  libraries.ours.submitTransaction(client, 'any', options) as OperatorFunction<object, TaskState>

const checks: Record<string, Check> = {
  'settled lets final states through alone': ({ ours }, { cold, expectObservable }) =>
    expectObservable(cold('p-q-c-r-u|', states).pipe(ours.settled())).toBe('------r-u|', states),

  'toTransaction gives the transaction, or the whole answer where there is none': (
    { ours },
    { cold, expectObservable },
  ) =>
    expectObservable(cold('p-c-r-R|', states).pipe(ours.toTransaction())).toBe('----s-b|', {
      ...transactions,
      b: { balance: 5 },
    }),

  'toTransaction makes an error of what nobody can tell': ({ ours, core }, { cold, expectObservable }) => {
    const error = new core.UnknownOutcomeError({ cause: 'answer-lost', requestId: '1' })
    expectObservable(cold('p-u-r|', states).pipe(ours.toTransaction())).toBe('--#', {}, error)
  },

  'toTransaction says whose outcome is unknown': ({ ours, rxjs }) => {
    const errors: unknown[] = []
    const task = taskOf(rxjs.of(states.u), { trackingId: 'order-17' })
    ours
      .fromTask(task)
      .pipe(ours.toTransaction())
      .subscribe({ error: (error) => errors.push(error) })
    expect(errors).toMatchObject([
      { code: 'unknown-outcome', effect: 'unknown', trackingId: 'order-17', requestKey: 'key-1', requestId: '1' },
    ])
  },

  'distinctStatus shows each status of a task once': ({ ours }, { cold, expectObservable }) =>
    expectObservable(cold('p-q-c-c-r|', states).pipe(ours.distinctStatus())).toBe('p---c---r|', states),

  'distinctStatus swallows nothing of another task, not even where there is no id': (
    { ours },
    { cold, expectObservable },
  ) => {
    const found = { status: 'result', body: {}, via: 'lookup' } as const
    const values = { ...states, x: found, y: { ...found } }
    expectObservable(cold('pPp-rR-xy|', values).pipe(ours.distinctStatus())).toBe('pPp-rR-xy|', values)
  },

  'toProgress comes closer to 1, and is there when the gateway is done': ({ ours }, { cold, expectObservable }) => {
    const source = cold('p-q-c-r|', states)
    expectObservable(source.pipe(ours.toProgress())).toBe('a-b-c-c|', { a: 0, b: 0.5, c: 1 })
    expectObservable(source.pipe(ours.toProgress({ expectedMs: 2000 }))).toBe('a-b-c-c|', { a: 0, b: 0.75, c: 1 })
    expectObservable(cold('u|', states).pipe(ours.toProgress())).toBe('c|', { c: 1 })
    for (const expectedMs of [0, -1, Number.NaN])
      expectObservable(cold('p-q-r|', states).pipe(ours.toProgress({ expectedMs }))).toBe('a-b-c|', {
        a: 0,
        b: 6000 / 6001,
        c: 1,
      })
    expectObservable(cold('q-r-P|', states).pipe(ours.toProgress())).toBe('a-b-c|', { a: 0.5, b: 1, c: 0 })
  },

  'toProgress takes the estimate of a schedule that has learned one, and never falls': (
    { ours },
    { cold, expectObservable },
  ) => {
    const values = {
      ...states,
      x: { ...states.p, progress: 0.25 },
      y: { ...states.q, progress: 0.75 },
      z: { ...states.q, elapsedMs: 7000, progress: 0 },
    }
    expectObservable(cold('x-y-c|', values).pipe(ours.toProgress())).toBe('a-b-c|', { a: 0.25, b: 0.75, c: 1 })
    expectObservable(cold('q-x-y|', values).pipe(ours.toProgress())).toBe('a-a-b|', { a: 0.5, b: 0.75 })
    expectObservable(cold('z-P-q|', values).pipe(ours.toProgress())).toBe('a-a-b|', { a: 0, b: 0.5 })
  },

  'noticeAfter says so when nothing came in time, and goes on': ({ ours }, { cold, expectObservable }) => {
    const values = { ...states, n: 'notice' }
    const late = cold('-----p--r|', states)
    expectObservable(late.pipe(ours.noticeAfter(3, 'notice'))).toBe('---n-p--r|', values)
    expectObservable(late.pipe(ours.noticeAfter(7, 'notice'))).toBe('-----p--r|', values)
  },

  'noticeAfter says nothing after the end, and leaves no timer': ({ ours, operators }, marbles) => {
    const { cold, expectObservable, flush } = marbles
    expectObservable(cold('--|').pipe(ours.noticeAfter(5, 'notice'))).toBe('--|')
    expectObservable(cold('--#').pipe(ours.noticeAfter(5, 'notice'))).toBe('--#')
    const notices: unknown[] = []
    cold('-')
      .pipe(ours.noticeAfter(5, 'notice'), operators.takeUntil(cold('--0')))
      .subscribe((notice) => notices.push(notice))
    flush()
    expect(notices).toEqual([])
  },

  'lookupUnknown holds an unknown back until it is looked up': ({ ours }, marbles) => {
    const { cold, expectObservable } = marbles
    const lookup = found(marbles, '---(r|)')
    const task = taskOf(cold('p-u|', states), { handle })
    const client = { resume: () => taskOf([], { lookup }) }
    expectObservable(ours.fromTask(task).pipe(ours.lookupUnknown(client))).toBe('p----(r|)', states)
  },

  'lookupUnknown holds back no state of another task, so that no error of a third one drops it': (
    { ours, rxjs },
    marbles,
  ) => {
    const { cold, expectObservable } = marbles
    const lookup = found(marbles, '----(r|)')
    const client = { resume: () => taskOf([], { lookup }) }
    const [first, second, third] = ['p-u|', '---P-R--|', '-------#'].map((diagram) =>
      ours.fromTask(taskOf(cold(diagram, states), { handle })),
    ) as [Observable<TaskState>, Observable<TaskState>, Observable<TaskState>]
    expectObservable(rxjs.merge(first, second).pipe(ours.lookupUnknown(client))).toBe('p--P-Rr-|', states)
    expectObservable(rxjs.merge(first, second, third).pipe(ours.lookupUnknown(client))).toBe('p--P-Rr#', states)
  },

  'lookupUnknown gives the unknown back when nothing was found': ({ ours }, marbles) => {
    const { cold, expectObservable } = marbles
    const lookup = found(marbles, '---(p|)')
    const task = taskOf(cold('p-u|', states), { handle })
    const resumed: unknown[] = []
    const resume = (given: unknown): TransactionTask => {
      resumed.push(given)
      return taskOf([], { lookup })
    }
    expectObservable(ours.fromTask(task).pipe(ours.lookupUnknown({ resume }))).toBe('p----(u|)', states)
    marbles.flush()
    expect(resumed).toEqual([handle])
  },

  'lookupUnknown passes an unknown that came from elsewhere': ({ ours }, { cold, expectObservable }) => {
    const resume = (): never => {
      throw new Error('nobody knows what to look up')
    }
    expectObservable(cold('p-u|', { ...states, u: { ...states.u } }).pipe(ours.lookupUnknown({ resume }))).toBe(
      'p-u|',
      states,
    )
  },

  'lookupUnknown hands what the client throws down the error channel': ({ ours }, { cold, expectObservable }) => {
    const resume = (): never => {
      throw 'error'
    }
    const task = taskOf(cold('u', states), { handle })
    expectObservable(ours.fromTask(task).pipe(ours.lookupUnknown({ resume }))).toBe('#')
  },

  'fromTask gives the task to each subscriber, and lets go of it': ({ ours }, marbles) => {
    const { hot, expectObservable, expectSubscriptions } = marbles
    const states$ = hot('p-q-c-r|', states)
    const task$ = ours.fromTask(taskOf(states$))
    expectObservable(task$).toBe('p-q-c-r|', states)
    expectObservable(task$, '-^---!').toBe('--q-c', states)
    expectSubscriptions(states$.subscriptions).toBe(['^------!', '-^---!'])
  },

  'recoverTasks asks the journal for each subscriber, and emits task by task': ({ ours }, marbles) => {
    const { cold, expectObservable, flush } = marbles
    const [one, two] = [taskOf([]), taskOf([])]
    let asked = 0
    const recover = (): Promise<TransactionTask[]> => {
      asked += 1
      return cold('--(l|)', { l: [one, two] }) as unknown as Promise<TransactionTask[]>
    }
    const tasks$ = ours.recoverTasks({ recover })
    expect(asked).toBe(0)
    expectObservable(tasks$).toBe('--(ab|)', { a: one, b: two })
    expectObservable(tasks$, '---^').toBe('-----(ab|)', { a: one, b: two })
    flush()
    expect(asked).toBe(2)
  },

  'recoverTasks is left while the journal is read': ({ ours }, { cold, expectObservable, expectSubscriptions }) => {
    const journal = cold('-----(l|)', { l: [] })
    const recover = (): Promise<TransactionTask[]> => journal as unknown as Promise<TransactionTask[]>
    expectObservable(ours.recoverTasks({ recover }), '^--!').toBe('')
    expectSubscriptions(journal.subscriptions).toBe('^--!')
  },

  'followIncomplete passes what is not incomplete, and what has no id to ask by': (
    { ours },
    { cold, expectObservable },
  ) => {
    const find = (): never => {
      throw new Error('there is nothing to ask')
    }
    const values: Record<string, Transaction> = { ...transactions, x: { status: 'incomplete' } }
    expectObservable(cold('s-f-n-x|', values).pipe(ours.followIncomplete({ find }))).toBe('s-f-n-x|', values)
  },

  'submitTransaction drops a request while another is under way': (libraries, marbles) =>
    overlapping(libraries, marbles, {}, { output: 'p-c-r-', submitted: [a], second: [] }),

  'submitTransaction by concat submits it when the other has settled': (libraries, marbles) =>
    overlapping(
      libraries,
      marbles,
      { strategy: 'concat' },
      { output: 'p-c-rP---R', submitted: [a, b], second: ['-----^----!'] },
    ),

  'submitTransaction by merge submits it at once': (libraries, marbles) =>
    overlapping(
      libraries,
      marbles,
      { strategy: 'merge' },
      { output: 'pPc-rR-', submitted: [a, b], second: ['-^----!'] },
    ),

  'submitTransaction takes the next request when the one before has settled': (libraries, marbles) => {
    const client = recording([taskOf(marbles.cold('p-r|', states)), taskOf(marbles.cold('P-R|', states))])
    const clicks = marbles.hot('a---b-', requests)
    marbles.expectObservable(clicks.pipe(submitting(libraries, client))).toBe('p-r-P-R', states)
    marbles.flush()
    expect(client.submitted.map(({ request }) => request)).toEqual([a, b])
    // Equal, not the same: nobody said that they are one payment.
    expect(client.submitted.map(({ options }) => options)).toEqual([undefined, undefined])
  },

  'submitTransaction ends with the error of a task, or of a request that is refused': (libraries, marbles) => {
    const failing = recording([taskOf(marbles.cold('p-#', states))])
    const clicks = marbles.hot('a----', requests)
    marbles.expectObservable(clicks.pipe(submitting(libraries, failing))).toBe('p-#', states)
    const refusing = {
      submit: () => {
        throw 'error'
      },
    } as unknown as Client
    marbles.expectObservable(clicks.pipe(submitting(libraries, refusing))).toBe('#')
    marbles.expectSubscriptions(clicks.subscriptions).toBe(['^-!', '(^!)'])
  },

  'submitTransaction sends a request object again under its own key': (
    libraries,
    { cold, expectObservable, flush },
  ) => {
    const client = recording([
      taskOf(cold('--#', states)),
      taskOf(cold('p-#', states), { handle }),
      taskOf(cold('--r|', states), { handle }),
    ])
    const paid = libraries.rxjs.of({ order: 3 }).pipe(submitting(libraries, client), libraries.operators.retry(2))
    expectObservable(paid).toBe('--p---r|', states)
    flush()
    const again = { requestKey: 'key-1' }
    expect(client.submitted.map(({ options }) => options)).toEqual([undefined, again, again])
  },

  'submitTransaction knows a request object again, whichever operator sends it': ({ ours, rxjs }) => {
    const task = (): TransactionTask => taskOf(rxjs.of(states.r), { handle })
    const client = recording([task(), task(), task(), task()])
    const other = recording([task()])
    const request = { order: 4 }
    const send = (to: Client, type: string, strategy?: 'merge'): void => {
      const options = strategy ? { strategy } : {}
      rxjs
        .of(request)
        .pipe(ours.submitTransaction(to, type, options))
        .subscribe()
    }
    send(client, 'payments')
    send(client, 'payments', 'merge')
    // Of another type, or at another client, it is another payment.
    send(client, 'authorizations')
    send(other, 'payments')
    const again = { requestKey: 'key-1' }
    expect(client.submitted.map(({ type, options }) => [type, options])).toEqual([
      ['payments', undefined],
      ['payments', again],
      ['authorizations', undefined],
    ])
    expect(other.submitted.map(({ options }) => options)).toEqual([undefined])
  },
}

/** Two requests, one frame apart, of which the first is busy for five. */
function overlapping(
  libraries: Libraries,
  marbles: RunHelpers,
  options: object,
  expected: { output: string; submitted: object[]; second: string[] },
): void {
  const [first, second] = [marbles.cold('p-c-r|', states), marbles.cold('P---R|', states)]
  const client = recording([taskOf(first), taskOf(second)])
  const clicks = marbles.hot('ab---------', requests)
  marbles.expectObservable(clicks.pipe(submitting(libraries, client, options))).toBe(expected.output, states)
  marbles.expectSubscriptions(first.subscriptions).toBe('^----!')
  marbles.expectSubscriptions(second.subscriptions).toBe(expected.second)
  marbles.flush()
  expect(client.submitted.map(({ request }) => request)).toEqual(expected.submitted)
}

/** A lookup that is heard in virtual time: a promise would be heard in real time. */
function found({ cold }: RunHelpers, diagram: string): TransactionTask['lookup'] {
  const snapshots = (map: (snapshot: TaskState) => TaskState): Observable<TaskState> =>
    cold(diagram, Object.fromEntries(Object.entries(states).map(([letter, state]) => [letter, map(state)])))
  // biome-ignore lint/suspicious/noThenProperty: that is what stands in for the promise
  return () => ({ then: snapshots }) as never
}

export const marbleCases: [name: string, check: (libraries: Libraries) => void][] = Object.entries(checks).map(
  ([name, check]) => [name, (libraries) => run(libraries, (marbles) => check(libraries, marbles))],
)
