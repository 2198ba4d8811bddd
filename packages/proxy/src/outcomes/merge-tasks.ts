/**
 * The union of two records of one task, by rank: a result, by `supersedes()`, over a confirmed error, over last words, over
 * a task of which no more is known. So a write that comes late never takes back what another process has stored.
 */
import { readTransaction } from '@async-transaction/core/protocol'
import { supersedes } from '@async-transaction/core/webhook'
import type { KeptAnswer, LastWords, TaskRecord } from './records.ts'

/** Statuses of errors that servers on the way return: none of them replaces another error. */
const OF_OTHERS: readonly number[] = [404, 408, 429, 502, 503, 504]

/** `mine`, which its writer ends with, and all that `stored` knows. */
export function mergeTasks(stored: TaskRecord | undefined, mine: TaskRecord): TaskRecord {
  if (!stored) return mine
  const { lastWords: _, reading: __, outcome: ___, dueAt: ____, ...known } = mine
  const outcome = betterOutcome(stored.outcome, mine.outcome)
  const alive = Math.max(stored.alive ?? 0, mine.alive ?? 0)
  const words = newerWords(stored.lastWords, mine.lastWords, alive)
  // The holder of another lease may still be reading: ours says nothing about that.
  const reading = stored.reading && !mine.writer.startsWith(stored.reading) ? stored.reading : mine.reading
  // An outcome that is stored may have been told, so it is not due any more.
  const dueAt = outcome && outcome === stored.outcome ? stored.dueAt : mine.dueAt
  return {
    ...known,
    createdAt: Math.min(stored.createdAt, mine.createdAt),
    takenAt: Math.min(stored.takenAt, mine.takenAt),
    ...((stored.inDoubt || mine.inDoubt) && { inDoubt: true }),
    ...((stored.lost || mine.lost) && { lost: true }),
    ...((stored.completed || mine.completed) && { completed: true }),
    ...((stored.gone || mine.gone) && { gone: true }),
    ...(alive && { alive }),
    ...(words && !outcome && { lastWords: words }),
    ...(reading && { reading }),
    ...(outcome && { outcome }),
    ...(dueAt !== undefined && { dueAt }),
  }
}

/** The outcome that counts: of two of the same rank the first, unless the other is news about the same transaction. */
export function betterOutcome(known: KeptAnswer | undefined, next: KeptAnswer | undefined): KeptAnswer | undefined {
  if (!known || !next) return known ?? next
  if (isError(known) !== isError(next)) return isError(known) ? next : known
  const [one, other] = [readTransaction(known.body), readTransaction(next.body)]
  return one && other && supersedes(one, other) ? next : known
}

/** The words that count. Those of a read before the task was seen in progress were not the gateway's. */
export function newerWords(
  known: LastWords | undefined,
  next: LastWords | undefined,
  alive: number,
): LastWords | undefined {
  const [first, second] = [known, next].map((words) => (words && words.read > alive ? words : undefined))
  if (!first || !second) return first ?? second
  const [older, newer] = second.read >= first.read ? [first, second] : [second, first]
  return OF_OTHERS.includes(newer.httpStatus) && !OF_OTHERS.includes(older.httpStatus) ? older : newer
}

/** A confirmed error, and no result. */
const isError = ({ body }: KeptAnswer): boolean => 'confirmed' in body
