/** The rules of single fields (protocol section 3). Those that it does not give are our assumption, and lenient. */
import { currencyCodes } from './currency-codes.ts'
import type { Rule } from './field-check.ts'

/** Minor units: a positive whole number. */
export const amount: Rule = (value) => {
  if (!Number.isSafeInteger(value)) return 'must be an integer'
  return (value as number) > 0 ? undefined : 'must be greater than 0'
}

export const currency: Rule = (value) =>
  currencyCodes.has(String(value)) ? undefined : 'is unknown ISO 4217 Alpha-3 code'

/** A text of up to that many characters. */
export function text(longest: number): Rule {
  return (value) => {
    if (typeof value !== 'string') return 'must be a string'
    return [...value].length > longest ? `is too long (maximum is ${longest} characters)` : undefined
  }
}

/** A text of the given form, described as in `is not a two-letter code`. */
export function pattern(form: RegExp, description: string): Rule {
  return (value) => (typeof value === 'string' && form.test(value) ? undefined : `is not ${description}`)
}

export const flag: Rule = (value) =>
  value === true || value === false || value === 'true' || value === 'false' ? undefined : 'must be true or false'

export const object: Rule = (value) =>
  typeof value === 'object' && !Array.isArray(value) ? undefined : 'must be an object'

/** Somewhere the gateway sends a webhook to. */
export const httpUrl: Rule = (value) =>
  ['http:', 'https:'].includes(schemeOf(value) ?? '') ? undefined : 'is not an HTTP URL'

/** Somewhere the customer is sent to; an app's own scheme will do, a script or a file of this machine will not. */
export const returnUrl: Rule = (value) => {
  const scheme = schemeOf(value)
  return scheme && !['javascript:', 'data:', 'vbscript:', 'blob:', 'file:', 'view-source:'].includes(scheme)
    ? undefined
    : 'is not a URL'
}

/** An ISO 8601 date and time that is still to come. */
export const futureTime: Rule = (value, now) => {
  const time = typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value) : Number.NaN
  if (Number.isNaN(time)) return 'is not an ISO 8601 date and time'
  return time > now ? undefined : 'must be in the future'
}

function schemeOf(value: unknown): string | undefined {
  return typeof value === 'string' && URL.canParse(value) ? new URL(value).protocol : undefined
}
