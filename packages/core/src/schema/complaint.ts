/** What is wrong with a value from outside: the field and the rule, never the value, which may be a card number. */
import type { BaseIssue } from 'valibot'

/** The first issue in words, if there is one. Those of valibot itself hold the value. */
export const complaint = (issues: readonly BaseIssue<unknown>[] | undefined): string | undefined =>
  issues?.map(({ path, type, expected, message }) => {
    const rule = type !== 'object' ? message : expected === 'Object' ? 'must be an object' : 'is required'
    return `${path?.map(({ key }) => key).join('.') ?? 'it'} ${rule}`
  })[0]
