/** The name of a fault beneath a request, such as `ECONNREFUSED`: runtimes word it differently, and a message may hold a card. */

/** How deep the causes of an error are followed. */
const DEPTH = 5

/** Words of runtimes that give no code: Deno, workerd, browsers. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/connection ?refused/i, 'ECONNREFUSED'],
  [/connection ?reset|reset by peer|connection lost/i, 'ECONNRESET'],
  [/dns|getaddrinfo|lookup|name or service/i, 'ENOTFOUND'],
  [/certificate|\btls\b|\bssl\b/i, 'CERTIFICATE'],
]

/** The code of the error or of one of its causes; else a code for its words; else its name. Nothing of its message. */
export function causeOf(error: unknown): string | undefined {
  let cause = error as { readonly code?: unknown; readonly cause?: unknown } | null | undefined
  for (let depth = 0; cause && typeof cause === 'object' && depth < DEPTH; depth++) {
    if (isName(cause.code)) return cause.code
    cause = cause.cause as typeof cause
  }
  const { message, name } = (error ?? {}) as { readonly message?: unknown; readonly name?: unknown }
  return WORDS.find(([words]) => words.test(`${message}`))?.[1] ?? (isName(name) ? name : undefined)
}

const isName = (value: unknown): value is string => typeof value === 'string' && /^[a-z][a-z_]{2,63}$/i.test(value)
