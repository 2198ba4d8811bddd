import { type Breakage, breakage } from './breakage.ts'

const WRITER = 'packages/core/src/payment/journal-writer.test.ts'
const MERGE = 'packages/core/src/payment/merge.test.ts'

/** What the journal and handles remember. */
export const remembering: readonly Breakage[] = [
  breakage(
    'the journal is forgotten',
    'payment/journal-writer.ts',
    'if (!givenUp()) await journal.setItem(key, entry)',
    '',
  ),
  breakage(
    'the POST does not wait for the journal',
    'payment/payment.ts',
    'if (!(await this.#advance(this.#record)) && journalRequired',
    'void this.#advance(this.#record)\n    if (journalRequired && !journalRequired',
  ),
  breakage(
    'observers learn of it before the journal',
    'payment/ledger.ts',
    '    this.record = record\n    const writer',
    '    this.record = record\n    this.publish(record)\n    const writer',
  ),
  breakage(
    'the journal keeps card tokens',
    'payment/journal-entry.ts',
    'SECRET.test(field) ? undefined :',
    'field.length > 99 ? undefined :',
  ),
  breakage(
    'a submission that a crash interrupted is forgotten',
    'payment/journal-entry.ts',
    'return record.requestId || record.ending ? record : recovering(record)',
    'return record.requestId || record.ending ? record : undefined',
  ),
  breakage(
    'a process overwrites what another one knows',
    'payment/journal-writer.ts',
    'const merged = stored ? merge(record, stored) : record',
    'const merged = record',
  ),
  breakage(
    'an answer has no key of its own',
    'payment/journal-writer.ts',
    'if (answer) await journal.setItem(key + answer, entry)',
    '',
    WRITER,
  ),
  breakage(
    'the end of our polling is replayed as an outcome',
    'payment/journal-writer.ts',
    'const kept: PaymentRecord = isKept(merged) ? merged : open',
    'const kept: PaymentRecord = merged',
  ),
  breakage(
    'a payment of another shop is spoiled',
    'payment/journal-entry.ts',
    'return of !== scope',
    'return of !== scope && !scope',
    WRITER,
  ),
  breakage('a result is taken back by an error of another process', 'payment/merge.ts', '? 3', '? 1', MERGE),
  breakage(
    'last words outlive what refuted them',
    'payment/merge.ts',
    'alive.polls > lastWords.polls && alive.at >= lastWords.at',
    'alive.polls > 1e9',
    MERGE,
  ),
  breakage(
    'a refusal says that another process was refused, too',
    'payment/merge.ts',
    'if (other.requestId) return undefined',
    'if (other.requestId && !other.requestId) return undefined',
    MERGE,
  ),
  breakage(
    'what a handle knows beyond its client is dropped',
    'payment/payment.ts',
    'const merged = merge(this.#record, record)',
    'const merged = this.#record',
    'tests/conformance/continuity.test.ts',
  ),
]
