/** The union of two records of one intent: an acknowledgement over a POST in doubt, over a refusal, over nothing sent. */
import type { IntentRecord } from './records.ts'

/** `mine` with all that `stored` knows. */
export function mergeIntents(stored: IntentRecord | undefined, mine: IntentRecord): IntentRecord {
  if (!stored) return mine
  // Whose POST was taken, its request is the one that was charged.
  const [first, second] = isAccepted(mine) && !isAccepted(stored) ? [mine, stored] : [stored, mine]
  const sent = [first.sentAt, second.sentAt].filter((at) => at !== undefined)
  const answer = first.answer ?? second.answer
  return {
    fence: mine.fence,
    writer: mine.writer,
    digest: first.digest,
    instrument: first.instrument,
    ...(sent.length > 0 && { sentAt: Math.min(...sent) }),
    ...(answer ? { answer } : stored.postingUntil && { postingUntil: stored.postingUntil }),
  }
}

const isAccepted = ({ answer }: IntentRecord): boolean => !!answer && answer.httpStatus < 300
