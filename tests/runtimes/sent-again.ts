/**
 * How many requests one `fetch()` becomes, measured: on a connection that was used before, and that is reset after the
 * request went out on it. No setting stops it everywhere, so the library counts on none. 0 if it
 * never goes out on such a connection.
 */
export const measured: Readonly<Record<string, { readonly GET: number; readonly POST: number }>> = {
  Node: { GET: 1, POST: 1 },
  workerd: { GET: 1, POST: 1 },
  Bun: { GET: 2, POST: 1 },
  Deno: { GET: 2, POST: 2 },
  Chromium: { GET: 2, POST: 2 },
  Firefox: { GET: 2, POST: 2 },
  WebKit: { GET: 2, POST: 0 },
}

/** By the first word of a runtime's name. */
export const sentAgain = (runtime: string) => measured[runtime.split(' ')[0] ?? '']
