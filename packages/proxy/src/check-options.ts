/** The shape of the options: their names and kinds. A misspelt option that is passed over would be one that is not set. */
import { TransactionError } from '@async-transaction/core'
import type { TokenProxyOptions } from './token-proxy-options.ts'

/** The kind of a value, in words for the error; or the fields of an object. */
type Rule = readonly [kind: string, is: (value: unknown) => boolean] | { readonly [field: string]: Rule }

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

const TEXT: Rule = ['a text', (value) => typeof value === 'string']
const FLAG: Rule = ['true or false', (value) => typeof value === 'boolean']
const CALL: Rule = ['a function', (value) => typeof value === 'function']
const NUMBER: Rule = ['a number', (value) => typeof value === 'number' && !Number.isNaN(value)]
const OBJECT: Rule = ['an object', isObject]
const TEXT_OR_BYTES: Rule = [
  'a text, bytes, or a list of them',
  (value) => [value].flat().every((one) => typeof one === 'string' || one instanceof Uint8Array),
]
const ID: Rule = ['a text or a number', (value) => typeof value === 'string' || typeof value === 'number']
const TEXTS: Rule = [
  'a list of texts',
  (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
]
const TEXT_OR_TEXTS: Rule = [
  'a text or a list of texts',
  (value) => [value].flat().every((one) => typeof one === 'string'),
]
const LIMIT: Rule = { max: NUMBER, windowMs: NUMBER }

const RULES: { readonly [option in keyof Required<TokenProxyOptions>]: Rule } = {
  gateway: { baseUrl: TEXT, shopId: ID, secretKey: TEXT },
  secret: TEXT_OR_BYTES,
  origins: TEXTS,
  basePath: TEXT,
  outcomes: OBJECT,
  webhook: { publicKey: TEXT_OR_TEXTS, checkCredentials: FLAG },
  onOutcome: CALL,
  onAccepted: CALL,
  cards: ['"any" or "encrypted"', (value) => value === 'any' || value === 'encrypted'],
  exposeCardToken: FLAG,
  pageFields: TEXTS,
  clientAddress: CALL,
  limits: { token: LIMIT, address: LIMIT, submits: LIMIT, card: LIMIT, cards: LIMIT },
  submitTimeoutMs: NUMBER,
  pollTimeoutMs: NUMBER,
  fetch: CALL,
  clock: OBJECT,
  random: CALL,
  onEvent: CALL,
}

/** Throws `config`, naming the first option that there is not, or that is of another kind. Never shows a value. */
export function checkOptions(options: unknown): void {
  const wrong = isObject(options) ? complaint(options, RULES, '') : 'createTokenProxy needs options'
  if (wrong) throw new TransactionError({ code: 'config', effect: 'none', message: wrong })
}

function complaint(value: Readonly<Record<string, unknown>>, rules: Readonly<Record<string, Rule>>, path: string) {
  for (const [field, given] of Object.entries(value)) {
    const name = path + field
    const rule = Object.hasOwn(rules, field) ? rules[field] : undefined
    if (!rule) return `${name} is no option: there are ${Object.keys(rules).join(', ')}`
    const wrong = given === undefined ? undefined : kindComplaint(given, rule, name)
    if (wrong) return wrong
  }
  return undefined
}

function kindComplaint(given: unknown, rule: Rule, name: string): string | undefined {
  if (!isKind(rule)) return isObject(given) ? complaint(given, rule, `${name}.`) : `${name} must be an object`
  const [kind, is] = rule
  return is(given) ? undefined : `${name} must be ${kind}`
}

const isKind = (rule: Rule): rule is readonly [string, (value: unknown) => boolean] => Array.isArray(rule)
