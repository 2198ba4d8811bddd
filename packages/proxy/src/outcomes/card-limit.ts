/**
 * Against card testing: how often one card number may be tried, in all processes; and where cards are encrypted, how often one
 * address may try any. Kept as keyed digests, never as numbers.
 */
import { addressGroup } from '../address-group.ts'
import type { Settings } from '../options.ts'
import type { Keyring } from '../token/keyring.ts'
import type { Fenced } from './fenced.ts'
import type { RecordStore } from './record-store.ts'
import { keyOf } from './records.ts'

export interface CardLimit {
  /** Counts a try of the card in the request; the seconds to wait if there were too many. */
  take(request: Readonly<Record<string, unknown>>, address: string | undefined): Promise<number | undefined>
}

interface CardRecord extends Fenced {
  readonly tries: number
}

export function createCardLimit({ limits, clock }: Settings, records: RecordStore, keyring: Keyring): CardLimit {
  return {
    async take({ credit_card: card, encrypted_credit_card: encrypted, test }, address) {
      const digits = digitsOf(card)
      // A ciphertext differs each time, so it is the address that is counted.
      const counted = digits || (encrypted ? addressGroup(address) : undefined)
      // A page cannot say that it is a test: only the token can.
      if (!counted || test === true) return undefined
      const { max, windowMs } = digits ? limits.card : limits.ciphertexts
      const [fingerprint] = await keyring.digests('card', counted)
      const now = clock.now()
      const window = Math.floor(now / windowMs)
      const key = `${keyOf('card', fingerprint)}/${window}`
      let tries = 0
      await records.update<CardRecord>(key, windowMs, (known) => {
        tries = (known?.tries ?? 0) + 1
        return tries > max ? undefined : { ...known, fence: 0, writer: '', tries }
      })
      if (tries <= max) return undefined
      return Math.ceil(((window + 1) * windowMs - now) / 1000)
    },
  }
}

/** The card's number, or the token that stands for it. Anything else is no card: the gateway will say so. */
function digitsOf(card: unknown): string {
  const { number, token } = (card ?? {}) as { readonly number?: unknown; readonly token?: unknown }
  const digits = typeof number === 'string' || typeof number === 'number' ? `${number}`.replace(/\D/g, '') : ''
  return digits || (typeof token === 'string' ? token : '')
}
