/** Fingerprints of a submission, keyed, so that a repeat is known again without the card being kept. */
import { canonical } from '../token/digest.ts'
import { isFields } from '../token/grant.ts'
import type { Keyring } from '../token/keyring.ts'

type Fields = Readonly<Record<string, unknown>>
/** Under each secret of the proxy, the newest first. */
type Digests = readonly [newest: string, ...older: string[]]

export interface Fingerprints {
  /** The means of payment: number and expiry, or the token of a saved card. All ciphertexts are one. */
  readonly instrument: Digests
  /** The whole request, without what a browser measures of itself. */
  readonly request: Digests
}

export async function fingerprintsOf(request: Fields, keyring: Keyring): Promise<Fingerprints> {
  const { additional_data: data, ...rest } = request
  const { browser, ...measured } = isFields(data) ? data : {}
  const [instrument, whole] = await Promise.all([
    keyring.digests('instrument', canonical(instrumentOf(request))),
    keyring.digests('request', canonical({ ...rest, additional_data: measured })),
  ])
  return { instrument, request: whole }
}

/** In one spelling: a number with spaces and dashes is the same card, `5` and `"05"` the same month. */
function instrumentOf({ credit_card: card, encrypted_credit_card: encrypted }: Fields): unknown {
  const { number, token, exp_month: month, exp_year: year } = isFields(card) ? card : {}
  if (typeof token === 'string') return ['token', token]
  if (isFields(encrypted)) return ['encrypted']
  return typeof number === 'string' || typeof number === 'number'
    ? [`${number}`.replace(/\D/g, ''), numberOf(month), numberOf(year) % 100]
    : []
}

const numberOf = (value: unknown): number => (typeof value === 'string' ? Number(value) : Number.NaN)
