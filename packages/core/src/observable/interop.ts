/** Symbols that other code looks for. They are published where the runtime, or a library, has them, and never polyfilled. */

/**
 * The symbol under which other libraries look for an Observable, if one of them made it. rxjs reads
 * `Symbol.observable || '@@observable'` once, when it is imported, so both keys are published. The platform's
 * `Observable.from` takes the async iterator.
 */
export const observableKey = (): symbol | undefined => (Symbol as { observable?: symbol }).observable

/** Publishes a method under `Symbol.dispose`, for `using`. */
export function makeDisposable(type: { readonly prototype: object }, method: string): void {
  const { dispose } = Symbol as { dispose?: symbol }
  const { prototype } = type
  if (dispose && !(dispose in prototype))
    Object.defineProperty(prototype, dispose, { value: (prototype as Record<string, unknown>)[method] })
}
