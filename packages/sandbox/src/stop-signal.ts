/** What ends a wait early: the signal of a request, or the closing of the sandbox. */

/** The part of an `AbortSignal` that a wait needs. */
export interface StopSignal {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/**
 * A signal that any number of waits may listen to. Every open request listens to the one of its sandbox, and Node 20
 * takes more than ten listeners of an `AbortSignal` for a leak.
 */
export function createStopSignal(): StopSignal & { abort(reason: unknown): void } {
  const listeners = new Set<() => void>()
  let stopped: { readonly reason: unknown } | undefined

  return {
    get aborted() {
      return stopped !== undefined
    },
    get reason() {
      return stopped?.reason
    },
    addEventListener: (_, listener) => void listeners.add(listener),
    removeEventListener: (_, listener) => void listeners.delete(listener),
    abort(reason) {
      stopped ??= { reason }
      for (const listener of [...listeners]) listener()
    },
  }
}

/** The outcome of `work`, unless one of the signals is aborted first. No listener outlives the returned promise. */
export function stoppable<T>(work: Promise<T>, signals: readonly StopSignal[]): Promise<T> {
  return new Promise((resolve, reject) => {
    const release = onStop(signals, reject)
    work.then(
      (value) => {
        release()
        resolve(value)
      },
      (error) => {
        release()
        reject(error)
      },
    )
  })
}

/** Calls `stop` with the reason of the first signal that is aborted, also if it is already; returns the release. */
export function onStop(signals: readonly StopSignal[], stop: (reason: unknown) => void): () => void {
  const release = (): void => {
    for (const signal of signals) signal.removeEventListener('abort', listener)
  }
  const listener = (): void => {
    release()
    stop(signals.find((signal) => signal.aborted)?.reason)
  }
  for (const signal of signals) signal.addEventListener('abort', listener)
  if (signals.some((signal) => signal.aborted)) listener()
  return release
}
