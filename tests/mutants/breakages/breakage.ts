/** A way to lose money: one safeguard taken out, which has to be noticed. */
export interface Breakage {
  readonly name: string
  /** Text of a file under `packages` that stands there exactly once, and what takes its place. */
  readonly edits: readonly { readonly file: string; readonly find: string; readonly replace: string }[]
  /** The file of the test that notices; without one it is the simulation. */
  readonly test?: string
}

export const breakage = (name: string, file: string, find: string, replace: string, test?: string): Breakage => ({
  name,
  edits: [{ file: `core/src/${file}`, find, replace }],
  ...(test && { test }),
})

/** Of the proxy, by a file under `packages/proxy/src`. */
export const proxyBreakage = (name: string, file: string, find: string, replace: string, test?: string): Breakage => ({
  name: `proxy: ${name}`,
  edits: [{ file: `proxy/src/${file}`, find, replace }],
  ...(test && { test }),
})
