/** What is wrong with a value from outside: the field and the rule, never the value, which may be a card number. */
import type { BaseIssue } from 'valibot'

/** The first issue in words, if there is one. */
export const complaint = (issues: readonly BaseIssue<unknown>[] | undefined): string | undefined =>
  issues?.map(({ path, message }) => `${path?.map(({ key }) => key).join('.') ?? 'it'} ${message}`)[0]
