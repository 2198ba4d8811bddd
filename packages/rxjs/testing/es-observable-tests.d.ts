/** The suite has no types of its own. */
declare module 'es-observable-tests' {
  export function runTests(Observable: unknown): Promise<unknown>
}
