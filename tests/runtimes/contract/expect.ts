/** What the cases claim with: no runtime has to have a test framework. */

export function expect(claim: unknown, otherwise: string): asserts claim {
  if (!claim) throw new Error(otherwise)
}

/** Claims that both are the same JSON. */
export function expectSame(actual: unknown, expected: unknown): void {
  const [seen, wanted] = [actual, expected].map((value) => JSON.stringify(value))
  expect(seen === wanted, `expected ${wanted}, not ${seen}`)
}

/** What a promise was rejected with. */
export async function rejection(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('It should have been rejected')
}

/** What a function threw. */
export function thrown(call: () => unknown): unknown {
  try {
    call()
  } catch (error) {
    return error
  }
  throw new Error('It should have thrown')
}
