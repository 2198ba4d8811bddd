/**
 * Checks an object against rules, field by field, into the gateway's nested errors. No error repeats a value: it might
 * be a card number.
 */
import type { FieldErrors } from '../gateway-error.ts'

/** What is wrong with a value, as the end of a sentence that begins with the field's name; `undefined` if nothing. */
export type Rule = (value: unknown, now: number) => string | undefined

/** What is wrong inside a section. */
export type SectionRule = (section: Readonly<Record<string, unknown>>, now: number) => FieldErrors

export type Field =
  | { readonly rule: Rule; readonly required?: boolean }
  | { readonly section: SectionRule; readonly required?: boolean }

export type Fields = Readonly<Record<string, Field>>

/** The errors of a request, nested by its sections. */
export function checkFields(fields: Fields, values: Readonly<Record<string, unknown>>, now: number): FieldErrors {
  const errors: FieldErrors = {}
  for (const [name, field] of Object.entries(fields)) {
    const found = checkField(field, values[name], now)
    if (typeof found === 'string') errors[name] = [found]
    else if (found && Object.keys(found).length > 0) errors[name] = found
  }
  return errors
}

/** The same for a section; `rules` are those of its fields. */
export function section(rules: Readonly<Record<string, Rule>>, required: readonly string[] = []): SectionRule {
  return (values, now) => {
    const errors: FieldErrors = {}
    for (const [name, rule] of Object.entries(rules)) {
      const found = checkField({ rule, required: required.includes(name) }, values[name], now)
      if (typeof found === 'string') errors[name] = [found]
    }
    return errors
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The vendor's own SDKs send `""` for what is not set. */
export function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

function checkField(field: Field, value: unknown, now: number): string | FieldErrors | undefined {
  if (isBlank(value)) return field.required ? "can't be blank" : undefined
  if ('rule' in field) return field.rule(value, now)
  return isObject(value) ? field.section(value, now) : 'must be an object'
}
