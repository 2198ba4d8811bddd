/**
 * Hands an exception that is not ours (an observer threw it) to the runtime's error reporting, where the application
 * sees it and neither the other observers nor the loop do. Node has no `reportError`.
 */
export function reportError(error: unknown): void {
  const { reportError: report } = globalThis as { reportError?: (error: unknown) => void }
  if (report) report(error)
  else
    queueMicrotask(() => {
      throw error
    })
}
