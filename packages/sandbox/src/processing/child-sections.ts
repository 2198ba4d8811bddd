/**
 * What a capture, a void and a refund have of their own. Recorded ones have no `description`, `tracking_id`,
 * `credit_card` and `payment_method_type`, and their acquirer's section neither `bank_code` nor an authorization code.
 */
import type { Entry } from './entry.ts'
import { verdicts, word } from './verdicts.ts'

export function childSections({ order, acquirer, verdict = 'approved', status }: Entry): object {
  const { name } = order.type
  return {
    ...(order.trackingId !== null && { tracking_id: order.trackingId }),
    parent_uid: order.parentUid ?? null,
    ...(order.reason && { reason: order.reason }),
    be_protected_verification: { status: 'successful', message: null, rules: {} },
    ...(acquirer && {
      [name]: {
        message: word(verdicts[verdict].bankMessage, name),
        ref_id: acquirer.refId,
        rrn: null,
        auth_code: null,
        gateway_id: 317,
        status,
      },
    }),
  }
}
