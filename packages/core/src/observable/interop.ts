/**
 * The symbol under which other libraries look for an Observable, if one of them made it; it is never polyfilled here.
 * rxjs reads `Symbol.observable || '@@observable'` once, when it is imported, so both keys are published. The platform's
 * `Observable.from` takes the async iterator.
 */
export const observableKey = (): symbol | undefined => (Symbol as { observable?: symbol }).observable
