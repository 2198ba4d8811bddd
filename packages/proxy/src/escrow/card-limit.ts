/** Against card testing: how often one card number may be tried, in all processes. Kept as keyed digests, never as numbers. */
import type { Settings } from '../options.ts'
import type { Keyring } from '../token/keyring.ts'
import { keyOf } from './records.ts'
import type { Vault } from './vault.ts'

export interface CardLimit {
  /** Counts a try of the card in the request; the seconds to wait if there were too many. */
  take(request: Readonly<Record<string, unknown>>): Promise<number | undefined>
}

export function createCardLimit({ limits, clock }: Settings, vault: Vault, keyring: Keyring): CardLimit {
  const { max, windowMs } = limits.card
  return {
    async take({ credit_card: card }) {
      const { number, token } = (card ?? {}) as { readonly number?: unknown; readonly token?: unknown }
      const digits = `${number ?? ''}`.replace(/\D/g, '') || (typeof token === 'string' ? token : '')
      if (!digits) return undefined
      const [fingerprint] = await keyring.digests('card', digits)
      const now = clock.now()
      const window = Math.floor(now / windowMs)
      // A slot per try: claims are the one thing that is atomic in every store.
      for (let slot = 0; slot < max; slot++) {
        const key = `${keyOf('card', fingerprint)}/${window}/${slot}`
        if (await vault.claim(key, crypto.randomUUID(), windowMs)) return undefined
      }
      return Math.ceil(((window + 1) * windowMs - now) / 1000)
    },
  }
}
