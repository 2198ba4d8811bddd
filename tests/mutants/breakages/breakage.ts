/** A way to lose money: one safeguard of core taken out, which has to be noticed. */
export interface Breakage {
  readonly name: string
  /** Text of a file under `packages/core/src` that stands there exactly once, and what takes its place. */
  readonly edits: readonly { readonly file: string; readonly find: string; readonly replace: string }[]
  /** The file of the test that notices; without one it is the simulation. */
  readonly test?: string
}

export const breakage = (name: string, file: string, find: string, replace: string, test?: string): Breakage => ({
  name,
  edits: [{ file, find, replace }],
  ...(test && { test }),
})
