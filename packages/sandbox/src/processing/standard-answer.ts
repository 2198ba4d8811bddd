/** The gateway's standard answer (protocol section 4), written from the books, with the fields that recorded ones have. */
import { childSections } from './child-sections.ts'
import type { Entry } from './entry.ts'
import { orderSections } from './order-sections.ts'
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
  /** Absent in captures, voids and refunds, as are the times and URLs for a customer. */
  description?: string | null
  tracking_id?: string | null
  message: string | null
  code: string | null
  friendly_message: string | null
  created_at: string
  updated_at: string
  paid_at: string | null
  closed_at: string | null
  settled_at: string | null
  expired_at?: string | null
  redirect_url?: string | null
  [field: string]: unknown
}

export function standardAnswer(entry: Entry): { transaction: SandboxTransaction } {
  const { order, verdict } = entry
  const wording = verdict && verdicts[verdict]
  const { name, flow } = order.type
  return {
    transaction: {
      uid: entry.uid,
      id: entry.uid,
      status: entry.status,
      type: name,
      amount: order.amount,
      currency: entry.currency,
      test: order.test,
      message: wording ? word(wording.message, name) : null,
      code: wording?.code ?? null,
      friendly_message: wording?.friendlyMessage ?? null,
      created_at: isoTime(order.takenAt),
      updated_at: isoTime(entry.updatedAt),
      paid_at: entry.paidAt === undefined ? null : isoTime(entry.paidAt),
      closed_at: null,
      settled_at: null,
      receipt_url: `${order.baseUrl}/receipts/${entry.uid}`,
      additional_data: order.additionalData,
      ...(flow === 'child' ? childSections(entry) : orderSections(entry)),
      ...structuredClone(entry.written),
    },
  }
}

function isoTime(time: number): string {
  return new Date(time).toISOString()
}
