/** What to show for what is known. */
import { hasCharged } from '@async-transaction/core'
import type { PaymentView } from './payment.ts'

export type OutcomeScreen = 'paid' | 'declined' | 'confirm' | 'refused' | 'error' | 'unknown'
export type Screen = 'loading' | 'unavailable' | 'form' | 'processing' | OutcomeScreen

interface Circumstances {
  /** The shop knows that the order is paid, maybe from another browser. */
  readonly paid: boolean
  /** The customer asked for another try. */
  readonly anew: boolean
}

/** Another try is offered only where it is known that the last one left the money alone. */
export function screenOf(state: PaymentView['state'], { paid, anew }: Circumstances): Screen {
  if (state.status === 'recovering') return 'loading'
  if (state.status === 'idle') return paid ? 'paid' : 'form'
  if (state.status === 'unknown') return 'unknown'
  if (state.status !== 'result' && state.status !== 'error') return 'processing'
  const charged = hasCharged(state)
  if (charged) return 'paid'
  if (charged === false) return paid ? 'paid' : anew ? 'form' : state.status === 'error' ? 'refused' : 'declined'
  if (state.status === 'error') return 'error'
  return state.transaction?.status === 'incomplete' ? 'confirm' : 'unknown'
}
