/** Against card testing: how often one card number may be tried, in all processes. Kept as keyed digests, never as numbers. */
import type { Settings } from '../options.ts'
import type { Keyring } from '../token/keyring.ts'
import type { Fenced } from './fenced.ts'
import type { RecordStore } from './record-store.ts'
import { keyOf } from './records.ts'

export interface CardLimit {
  /** Counts a try of the card in the request; the seconds to wait if there were too many. */
  take(request: Readonly<Record<string, unknown>>): Promise<number | undefined>
}

interface CardRecord extends Fenced {
  readonly tries: number
}

export function createCardLimit({ limits, clock }: Settings, records: RecordStore, keyring: Keyring): CardLimit {
  const { max, windowMs } = limits.card
  return {
    async take({ credit_card: card, test }) {
      const digits = digitsOf(card)
      // A page cannot say that it is a test: only the token can.
      if (!digits || test === true) return undefined
      const [fingerprint] = await keyring.digests('card', digits)
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
