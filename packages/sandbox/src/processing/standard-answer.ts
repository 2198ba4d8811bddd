/** The gateway's standard answer (protocol section 4), written from the books. */
import type { Entry } from './entry.ts'
import { verdicts, word } from './verdicts.ts'

/**
 * A transaction as the gateway words it. Next to these it has the acquirer's section, named after the type
 * (`payment`, `refund`, …), and, if 3-D Secure was asked for, `three_d_secure_verification`.
 */
export interface SandboxTransaction {
  uid: string
  status: string
  type: string
  amount: number | null
  currency: string | null
  description: string | null
  tracking_id: string | null
  message: string | null
  code: string | null
  friendly_message: string | null
  created_at: string
  updated_at: string
  paid_at: string | null
  expired_at: string | null
  redirect_url: string | null
  [field: string]: unknown
}

export function standardAnswer(entry: Entry): { transaction: SandboxTransaction } {
  const { order, verdict } = entry
  const wording = verdict && verdicts[verdict]
  const { name } = order.type
  return {
    transaction: {
      uid: entry.uid,
      status: entry.status,
      type: name,
      amount: order.amount,
      currency: entry.currency,
      description: entry.description,
      tracking_id: order.trackingId,
      ...(order.parentUid && { parent_uid: order.parentUid }),
      ...(order.reason && { reason: order.reason }),
      test: order.test,
      message: wording ? word(wording.message, name) : null,
      code: wording?.code ?? null,
      friendly_message: wording?.friendlyMessage ?? null,
      created_at: isoTime(order.takenAt),
      updated_at: isoTime(entry.updatedAt),
      paid_at: entry.paidAt === undefined ? null : isoTime(entry.paidAt),
      expired_at: order.expiredAt,
      payment_method_type: 'credit_card',
      receipt_url: `${order.baseUrl}/receipts/${entry.uid}`,
      redirect_url: entry.status === 'incomplete' && entry.challenged ? `${order.baseUrl}/process/${entry.uid}` : null,
      ...(entry.card && { credit_card: cardSection(entry) }),
      ...(entry.acquirer && { [name]: acquirerSection(entry) }),
      ...(entry.challenged && { three_d_secure_verification: verificationSection(entry) }),
      ...structuredClone(entry.written),
    },
  }
}

function cardSection({ card, token }: Entry): object {
  return {
    holder: card?.holder ?? null,
    brand: card?.brand,
    last_4: card?.last4,
    first_1: card?.first1,
    bin: card?.bin,
    exp_month: card?.expMonth ?? null,
    exp_year: card?.expYear ?? null,
    ...(token && { token }),
    stamp: card?.stamp,
  }
}

function acquirerSection({ acquirer, order, status, verdict }: Entry): object {
  const wording = verdicts[verdict ?? 'approved']
  return {
    auth_code: acquirer?.authCode ?? null,
    bank_code: wording.bankCode,
    rrn: acquirer?.rrn,
    ref_id: acquirer?.refId,
    message: word(wording.bankMessage, order.type.name),
    gateway_id: 317,
    billing_descriptor: order.billingDescriptor ?? 'SANDBOX BILLING DESCRIPTOR',
    status,
  }
}

function verificationSection({ status, verdict }: Entry): object {
  if (status === 'incomplete') return { status: 'incomplete', pa_status: null, eci: null }
  if (verdict === 'expired') return { status: 'expired', pa_status: null, eci: null }
  return status === 'successful'
    ? { status: 'successful', pa_status: 'Y', eci: '05' }
    : { status: 'failed', pa_status: 'N', eci: '07' }
}

function isoTime(time: number): string {
  return new Date(time).toISOString()
}
