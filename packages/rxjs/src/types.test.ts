/** The types that applications lean on. `npm run typecheck` is what tests them; running them only shows that they load. */
import type {
  Client,
  ResultState,
  TaskState,
  Transaction,
  TransactionTask,
  UnknownState,
} from '@async-transaction/core'
import { EMPTY, filter, type Observable, type OperatorFunction } from 'rxjs'
import { expectTypeOf, it } from 'vitest'
import {
  distinctStatus,
  fromTask,
  lookupUnknown,
  type SubmitTransactionOptions,
  settled,
  submitTransaction,
  type ToProgressOptions,
  toProgress,
  toTransaction,
} from './index.ts'

declare const client: Client
declare const task: TransactionTask
type Final = ResultState | UnknownState

it('a pipe keeps what it narrowed', () => {
  void (() => {
    const states = fromTask(task)
    expectTypeOf(states.pipe(settled(), distinctStatus())).toEqualTypeOf<Observable<Final>>()
    expectTypeOf(states.pipe(settled(), lookupUnknown(client))).toEqualTypeOf<Observable<Final>>()
    expectTypeOf(states.pipe(settled(), distinctStatus(), lookupUnknown(client))).toEqualTypeOf<Observable<Final>>()
    expectTypeOf(states.pipe(distinctStatus(), lookupUnknown(client), settled())).toEqualTypeOf<Observable<Final>>()
    expectTypeOf(states.pipe(distinctStatus(), lookupUnknown(client))).toEqualTypeOf<Observable<TaskState>>()
    expectTypeOf(states.pipe(settled(), distinctStatus(), toTransaction())).toEqualTypeOf<Observable<Transaction>>()
    const unknown = states.pipe(filter((state) => state.status === 'unknown'))
    expectTypeOf(unknown.pipe(lookupUnknown(client))).toEqualTypeOf<Observable<Final>>()
    expectTypeOf(unknown.pipe(distinctStatus())).toEqualTypeOf<Observable<UnknownState>>()
    const narrow: Observable<Final> = states.pipe(settled(), distinctStatus())
    const operator: OperatorFunction<TaskState, TaskState> = distinctStatus()
    expectTypeOf(distinctStatus()(states)).toEqualTypeOf<Observable<TaskState>>()
    expectTypeOf(EMPTY.pipe(submitTransaction(client, 'payments'), distinctStatus())).toEqualTypeOf<
      Observable<TaskState>
    >()
    return [narrow, operator]
  })
})

it('options may be undefined', () => {
  void ((strategy: SubmitTransactionOptions['strategy'], expectedMs: ToProgressOptions['expectedMs']) => [
    submitTransaction(client, 'payments', { strategy }),
    toProgress({ expectedMs }),
  ])
})
