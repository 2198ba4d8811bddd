/**
 * The kinds of values that are read, each made of one schema of valibot: every kind of its own would be a part of every
 * page.
 */
import { type CustomSchema, custom, type OptionalSchema, optional } from 'valibot'

/** A text, of a form if there is a `pattern`. */
export const text = (rule?: string, pattern: RegExp = /^/): CustomSchema<string, string | undefined> =>
  custom<string, string | undefined>((value) => typeof value === 'string' && pattern.test(value), rule)

/** Anything, or nothing. */
export const anything: OptionalSchema<CustomSchema<unknown, undefined>, undefined> = optional(custom(() => true))
