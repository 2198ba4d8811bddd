/**
 * All that is used of the peers, in one place, so that a bundle imports each of them once. In rxjs 7.0 and 7.1 operators
 * are in `rxjs/operators` alone; later versions have them there as well.
 */
export { followTransaction, submitRequest, UnknownOutcomeError } from '@async-transaction/core'
export { from, type MonoTypeOperatorFunction, Observable, type OperatorFunction, timer } from 'rxjs'
export {
  concatMap,
  distinctUntilChanged,
  exhaustMap,
  filter,
  map,
  mergeMap,
  scan,
  startWith,
  tap,
} from 'rxjs/operators'
