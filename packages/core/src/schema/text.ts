/**
 * A text, by one schema of valibot whatever its form: each kind of schema that is imported is a part of every page.
 * Schemas are functions, made when they are used: a module that does nothing when it is loaded can be left out of a bundle.
 */
import { type CustomSchema, custom } from 'valibot'

/** A text, of the form of `pattern` if there is one; `rule` says so in words. */
export const text = (rule?: string, pattern?: RegExp): CustomSchema<string, string | undefined> =>
  custom((value) => typeof value === 'string' && (!pattern || pattern.test(value)), rule)

/** Makes a schema when it is used for the first time. */
export const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}
