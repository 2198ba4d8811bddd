/**
 * What a runtime does not do, by the name of the case, and why. Such a case has to fail there: a gap that has closed fails
 * the run, and is taken out of this table.
 */
export interface Gap {
  readonly case: string
  readonly runtimes: RegExp
  readonly reason: string
}

export const gaps: readonly Gap[] = [
  {
    case: "the platform's own Observable takes a task",
    runtimes: /^(?!Chromium)/,
    reason: 'only Chromium has a native Observable',
  },
  {
    case: 'the error unauthorized has its shape, and shows no secret',
    runtimes: /^WebKit/,
    reason:
      'WebKit puts a challenge for Basic to its user, and the page waits. The token proxy, which is what pages speak to, challenges for Bearer',
  },
  ...['307 of the submit', '303 of the submit', '307 of the status', '302 of the result'].map((redirect) => ({
    case: `a ${redirect} URL is not followed to another origin`,
    runtimes: /as React Native$/,
    reason: 'XMLHttpRequest follows redirects, and nothing can stop it. The response counts as lost',
  })),
]
