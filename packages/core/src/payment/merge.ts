/**
 * The union of two records of one payment, by rank: a result, by `supersedes()`, over a confirmed error, over last words,
 * over `unknown`, over a task, over a submission. So a process that knows less never overwrites one that knows more.
 */
import { supersedes } from '../schema/supersedes.ts'
import { readTransaction } from '../schema/transaction.ts'
import { type Ending, isAnswer, type LastWords, type PaymentRecord, reopened } from './record.ts'

/**
 * `mine` with all that `theirs` knows: as the journal had it, or another handle. The same object if that is nothing. An end
 * of the other's polling is not an end of ours.
 */
export function merge(mine: PaymentRecord, theirs: PaymentRecord): PaymentRecord {
  // Of another task, under the same key: not ours to mix.
  if (mine.requestId && theirs.requestId && mine.requestId !== theirs.requestId) return mine
  const other = isAnswer(theirs.ending) ? theirs : reopened(theirs)
  const ending = endingOf(mine, other)
  const unknownAt = Math.max(mine.unknownAt ?? 0, other.unknownAt ?? 0)
  const further = isFurther(other, mine) ? other : mine
  const requestId = mine.requestId ?? other.requestId
  const words = newestWords(mine, other)
  const { ending: _, lastWords, ...known } = further
  const merged: PaymentRecord = {
    ...known,
    tries: mine.tries,
    createdAt: Math.min(mine.createdAt, other.createdAt),
    polls: Math.max(mine.polls, other.polls),
    lost: Math.max(mine.lost, other.lost),
    ...(requestId && { requestId }),
    ...(words && { lastWords: words }),
    ...((mine.completed || other.completed) && { completed: true }),
    ...((mine.inDoubt || other.inDoubt) && { inDoubt: true }),
    ...((mine.uid ?? other.uid) && { uid: mine.uid ?? other.uid }),
    ...(unknownAt && { unknownAt }),
    ...(ending && { ending }),
  }
  return sameAs(mine, merged) ? mine : merged
}

/** Whether it knows of the task, or of more polls. */
const isFurther = (one: PaymentRecord, other: PaymentRecord): boolean =>
  !!one.requestId && !other.ending && (!other.requestId || one.polls > other.polls)

function endingOf(mine: PaymentRecord, other: PaymentRecord): Ending | undefined {
  const [ours, theirs] = [unlessSent(mine.ending, other), unlessSent(other.ending, mine)]
  const [low, high] = rankOf(theirs) > rankOf(ours) ? [ours, theirs] : [theirs, ours]
  // Of our own end and nothing: an end of the other's polling is not ours.
  if (!isAnswer(high)) return ours
  if (high?.status !== 'result' || low?.status !== 'result') return high
  const [known, next] = [readTransaction(high.body), readTransaction(low.body)]
  return known && next && supersedes(known, next) ? low : high
}

const rankOf = (ending: Ending | undefined): number =>
  !isAnswer(ending)
    ? 0
    : ending?.status === 'result'
      ? 3
      : ending?.status === 'error' && ending.code === 'gateway-error'
        ? 2
        : 1

/** That one process was refused says nothing where another one had it accepted, and little where it may have. */
function unlessSent(ending: Ending | undefined, other: PaymentRecord): Ending | undefined {
  if (ending?.status !== 'error' || ending.effect !== 'none' || ending.code === 'gateway-error') return ending
  if (other.requestId) return undefined
  return other.inDoubt ? { status: 'error', code: 'submit-lost', effect: 'unknown' } : ending
}

/** The newer words, unless the task was seen to be processed since: after more polls, and later. */
function newestWords(mine: PaymentRecord, other: PaymentRecord): LastWords | undefined {
  const refuted = ({ lastWords }: PaymentRecord, { alive }: PaymentRecord): boolean =>
    !!lastWords && !!alive && alive.polls > lastWords.polls && alive.at >= lastWords.at
  const ours = refuted(mine, other) ? undefined : mine.lastWords
  const theirs = refuted(other, mine) ? undefined : other.lastWords
  return ours && theirs ? (theirs.at > ours.at ? theirs : ours) : (ours ?? theirs)
}

const sameAs = (one: PaymentRecord, other: PaymentRecord): boolean => {
  const fields = Object.keys({ ...one, ...other }) as (keyof PaymentRecord)[]
  return fields.every((field) => JSON.stringify(one[field]) === JSON.stringify(other[field]))
}
