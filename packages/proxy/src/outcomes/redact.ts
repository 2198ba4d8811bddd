/** What leaves the proxy, and what it keeps, of an answer: no card data, and no name of the gateway's host in an error. */
import { maskCardData } from '@async-transaction/core/protocol'
import { CARD_FIELD } from '../token/card-data.ts'

export interface RedactOptions {
  readonly exposeCardToken: boolean
  /** The gateway's host, with its port. */
  readonly host: string
  /** Hides the shop's secret key, should the gateway echo it. */
  readonly mask: (text: string) => string
}

/** Also card data by any other name of it. `token` is looked at apart. */
const DROPPED = /^(number|__proto__)$/i
/** Ids, links and amounts, which digits may look like a card number in, and which must stay whole. */
const KEPT = /^(uid|description|rrn|stamp|auth_code|bin|iban)$|(^|_)(amount|id|ids|uid|url|at|number_hash)$/i
const DEPTH = 12

/** The body of a result: every field but card data. */
export const redactBody = (body: object, options: RedactOptions): object => redact(body, '', DEPTH, options) as object

function redact(value: unknown, name: string, depth: number, options: RedactOptions): unknown {
  if (typeof value === 'string') return options.mask(KEPT.test(name) ? value : maskCardData(value))
  if (typeof value === 'number' && KEPT.test(name)) return value
  if (typeof value === 'number') return redactNumber(value)
  if (!value || typeof value !== 'object') return value
  if (!depth) return null
  if (Array.isArray(value)) return value.map((item) => redact(item, name, depth - 1, options))
  return Object.fromEntries(
    Object.entries(value)
      .filter(
        ([key]) =>
          !DROPPED.test(key) &&
          !CARD_FIELD.test(key) &&
          (options.exposeCardToken || !(key === 'token' && (/card/.test(name) || 'stamp' in value))),
      )
      .map(([key, child]) => [options.mask(key), redact(child, key, depth - 1, options)]),
  )
}

const redactNumber = (value: number): number | string => {
  const masked = maskCardData(`${value}`)
  return masked === `${value}` ? value : masked
}

const SAID = ['message', 'friendly_message', 'code', 'errors']

/** An error body: the fields of its shape, texts masked, `errors` with its paths. Protocol section 4. */
export function redactError(body: unknown, options: RedactOptions): object {
  const { response, ...plain } = body as { readonly response?: unknown; readonly [field: string]: unknown }
  if (response && typeof response === 'object')
    return { response: redactError({ ...response, response: undefined }, options) }
  return Object.fromEntries(
    SAID.filter((field) => plain[field] !== undefined).map((field) => [field, masked(plain[field], DEPTH, options)]),
  )
}

function masked(value: unknown, depth: number, options: RedactOptions): unknown {
  if (typeof value === 'string') return maskedText(value, options)
  if (typeof value === 'number') return redactNumber(value)
  if (!value || typeof value !== 'object') return value
  if (!depth) return null
  if (Array.isArray(value)) return value.map((item) => masked(item, depth - 1, options))
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [maskedText(key, options), masked(child, depth - 1, options)]),
  )
}

/** Names of hosts have no case. With its port or without. */
function maskedText(text: string, { host, mask }: RedactOptions): string {
  const [name = '', port] = host.split(/(:\d+)$/).map((part) => part.replace(/[^\w:-]/g, '\\$&'))
  return maskCardData(mask(text)).replace(new RegExp(port ? `${name}(${port})?` : name, 'gi'), 'the gateway')
}
