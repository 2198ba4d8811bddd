/**
 * How many operations of WebCrypto are under way in this realm. They run on other threads, so no number of turns of the event
 * loop tells that they have settled. For tests: counting begins with the first call, and hands every operation through.
 */
export function pendingWebCrypto(): number {
  counting ??= count()
  return counting.pending
}

interface Counting {
  pending: number
}

type Method = (this: unknown, ...given: unknown[]) => Promise<unknown>

let counting: Counting | undefined

function count(): Counting {
  const counted: Counting = { pending: 0 }
  const { crypto } = globalThis as { readonly crypto?: { readonly subtle?: object } }
  const methods = Object.getPrototypeOf(crypto?.subtle ?? {}) as Record<string, Method>
  if (!crypto?.subtle) return counted
  const settled = (): void => {
    counted.pending -= 1
  }
  for (const name of Object.getOwnPropertyNames(methods)) {
    const { value: original, writable } = Object.getOwnPropertyDescriptor(methods, name) ?? {}
    if (name === 'constructor' || typeof original !== 'function' || !writable) continue
    methods[name] = function (...given) {
      const operation = (original as Method).apply(this, given)
      // `supports()` and its like are no operations.
      if (typeof operation?.then !== 'function') return operation
      counted.pending += 1
      operation.then(settled, settled)
      return operation
    }
  }
  return counted
}
