/**
 * Checks options that came as JSON, or from code without types: a mistake in them must not pass for the behaviour of the
 * gateway.
 */

/** The values that an option takes, in words and as a test. */
export interface Takes {
  readonly takes: string
  readonly test: (value: unknown) => boolean
  readonly required?: true
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && !Number.isNaN(value)

/** Whole numbers from `low` to `high`. */
export const within =
  (low: number, high: number) =>
  (value: unknown): boolean =>
    Number.isInteger(value) && isNumber(value) && value >= low && value <= high

export const flag: Takes = { takes: 'true or false', test: (value) => typeof value === 'boolean' }
export const text: Takes = { takes: 'a text', test: (value) => typeof value === 'string' }
export const word: Takes = { takes: 'a text that is not empty', test: (value) => text.test(value) && value !== '' }
export const anything: Takes = { takes: 'anything', test: () => true }
export const milliseconds: Takes = {
  takes: 'a number of milliseconds, 0 or more',
  test: (value) => Number.isFinite(value) && isNumber(value) && value >= 0,
}
export const duration: Takes = {
  takes: 'a number of milliseconds, more than 0',
  test: (value) => milliseconds.test(value) && value !== 0,
}
export const time: Takes = {
  takes: 'an ISO 8601 date and time',
  test: (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value)),
}

export function required(takes: Takes): Takes {
  return { ...takes, required: true }
}

/** The same, or `null`. */
export function orNull(takes: Takes): Takes {
  return { ...takes, takes: `${takes.takes}, or null`, test: (value) => value === null || takes.test(value) }
}

/** @throws TypeError that names the option and the values it takes */
export function checkOptions(options: Readonly<Record<string, Takes>>, given: Readonly<Record<string, unknown>>): void {
  for (const [name, { takes, test, required: needed }] of Object.entries(options)) {
    const value = given[name]
    if (value === undefined ? needed : !test(value)) throw new TypeError(`${name} takes ${takes}`)
  }
}

/**
 * Checks an object that takes any field of a transaction besides its options.
 * @throws TypeError that names the first one that cannot be a field of the gateway, such as `trackingId`
 */
export function checkFieldNames(
  options: Readonly<Record<string, Takes>>,
  given: Readonly<Record<string, unknown>>,
): void {
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(options, name) || /^[a-z][a-z0-9_]*$/.test(name)) continue
    throw new TypeError(`${name} is no field of a transaction: they are in snake_case`)
  }
}
