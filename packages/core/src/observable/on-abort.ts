/** What is used of an `AbortSignal`, so that no platform's types are needed. */
export interface AbortSignalLike {
  readonly aborted: boolean
  readonly reason?: unknown
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/**
 * Calls `leave` when the signal aborts, at once if it has already. Returns how to forget it: a signal may outlive a
 * hundred thousand tasks. Without a signal there is nothing to forget, and nothing that a hundred thousand tasks would hold.
 */
export function onAbort(
  signal: AbortSignalLike | undefined,
  leave: (reason: unknown) => void,
): (() => void) | undefined {
  if (!signal) return undefined
  const abort = (): void => leave(signal.reason)
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort)
  return () => signal.removeEventListener('abort', abort)
}
