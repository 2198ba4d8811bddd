/**
 * The ways in which a transaction ends, in the gateway's words. The words and codes of the declines are our
 * assumption: clients go by `status`.
 */

export type Verdict = 'approved' | 'declined' | 'authentication-failed' | 'cancelled' | 'expired'

interface Wording {
  readonly status: 'successful' | 'failed' | 'expired'
  /** Whether the acquirer saw the card; nothing is charged otherwise. */
  readonly reachesAcquirer: boolean
  /** `{type}` stands for the type of the transaction. */
  readonly message: string
  readonly code: string
  readonly friendlyMessage: string
  /** The acquirer's own answer. */
  readonly bankCode: string
  readonly bankMessage: string
}

export const verdicts: Readonly<Record<Verdict, Wording>> = {
  approved: {
    status: 'successful',
    reachesAcquirer: true,
    message: 'Successfully processed',
    code: 'S.0000',
    friendlyMessage: 'The transaction was processed successfully.',
    bankCode: '05',
    bankMessage: '{type} was approved',
  },
  declined: {
    status: 'failed',
    reachesAcquirer: true,
    message: '{type} was declined',
    code: 'F.0100',
    friendlyMessage: 'The bank declined the card. Try another card or contact the bank.',
    bankCode: '05',
    bankMessage: '{type} was declined',
  },
  'authentication-failed': {
    status: 'failed',
    reachesAcquirer: false,
    message: '3-D Secure authentication failed',
    code: 'F.0182',
    friendlyMessage: 'The bank could not verify that it is you who pays. Try again or use another card.',
    bankCode: '',
    bankMessage: '',
  },
  cancelled: {
    status: 'failed',
    reachesAcquirer: false,
    message: '3-D Secure authentication was cancelled',
    code: 'F.0180',
    friendlyMessage: 'The payment was cancelled.',
    bankCode: '',
    bankMessage: '',
  },
  expired: {
    status: 'expired',
    reachesAcquirer: false,
    message: 'The time to pay has passed',
    code: 'F.0949',
    friendlyMessage: 'The time to pay has passed. Start again.',
    bankCode: '',
    bankMessage: '',
  },
}

/** How a transaction ended that is in this state; `undefined` for a state that is no end. */
export function verdictOf(status: string): Verdict | undefined {
  switch (status) {
    case 'successful':
      return 'approved'
    case 'failed':
      return 'declined'
    case 'expired':
      return 'expired'
    default:
      return undefined
  }
}

/** The wording for a type: `{type} was declined` → `Payment was declined`. */
export function word(text: string, type: string): string {
  return text.replace('{type}', type.charAt(0).toUpperCase() + type.slice(1))
}
