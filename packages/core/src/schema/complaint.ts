/** What is wrong with a value from outside: the field and the rule, never the value, which may be a card number. */
import type { BaseIssue } from 'valibot'

/** The first issue, in words. */
export const complaint = ([issue]: readonly BaseIssue<unknown>[]): string =>
  `${issue?.path?.map(({ key }) => key).join('.') ?? 'it'} ${issue?.message}`
