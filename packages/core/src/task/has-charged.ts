import type { TaskSnapshot } from './state.ts'

/**
 * Whether a payment moved money: `true` when the gateway says it is paid; `false` when it certainly did not, so that
 * another try is safe; nothing while nobody can tell, which is so for one under way, an `unknown`, an error whose
 * `effect` is `'unknown'`, a transaction that waits for its customer, and a result without a transaction.
 */
export function hasCharged(state: TaskSnapshot): boolean | undefined {
  if (state.status === 'error') return state.error.effect === 'none' ? false : undefined
  if (state.status !== 'result') return undefined
  switch (state.transaction?.status) {
    case 'successful':
      return true
    case 'failed':
    case 'expired':
      return false
    default:
      return undefined
  }
}
