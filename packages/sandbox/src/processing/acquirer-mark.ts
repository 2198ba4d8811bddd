/** The acquirer's part of a transaction. */
import type { Random } from '../random.ts'

/** Codes and references that the acquirer gave a transaction. */
export interface AcquirerMark {
  readonly authCode: string | null
  readonly rrn: string
  readonly refId: string
}

export function drawMark(random: Random): AcquirerMark {
  return { authCode: random.digits(6), rrn: random.digits(12), refId: random.digits(6) }
}
