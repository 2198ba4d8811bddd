/** The back office of the gateway: changes in the books that no request of the shop makes. */
import type { Clock } from '../clock.ts'
import type { Random } from '../random.ts'
import type { Credentials } from '../shop.ts'
import { drawMark } from './acquirer-mark.ts'
import { type AddedTransaction, addedEntry, readAddedTransaction } from './added-transaction.ts'
import { type Correction, correctEntry, readCorrection } from './correction.ts'
import type { Entry } from './entry.ts'
import type { Ledger } from './ledger.ts'
import { type SandboxTransaction, standardAnswer } from './standard-answer.ts'
import { UnknownTransaction } from './unknown-transaction.ts'

export interface BackOffice {
  /** Sets fields of a transaction. */
  correct(uid: string, correction: Correction): SandboxTransaction
  /** Writes a transaction that came another way. */
  add(transaction: AddedTransaction): SandboxTransaction
}

export function createBackOffice(options: {
  readonly clock: Clock
  readonly ledger: Ledger
  readonly random: Random
  readonly baseUrl: string | undefined
  readonly credentials: Credentials | undefined
  readonly cardSalt: () => string
  /** Called with each transaction that was corrected. */
  readonly onCorrected: (entry: Entry) => void
}): BackOffice {
  const { clock, ledger, random, baseUrl, credentials, cardSalt, onCorrected } = options
  const acquirer = () => drawMark(random)

  return {
    correct(uid, correction) {
      const fields = readCorrection(correction)
      const entry = ledger.byUid(uid)
      if (!entry) throw new UnknownTransaction(uid)
      const corrected = correctEntry(entry, fields, clock.now(), acquirer)
      ledger.put(corrected)
      onCorrected(corrected)
      return standardAnswer(corrected).transaction
    },
    add(transaction) {
      const fields = readAddedTransaction(transaction)
      const added = { ...fields, credentials: fields.credentials ?? credentials }
      if (added.uid !== undefined && ledger.byUid(added.uid)) throw new TypeError('uid is that of another transaction')
      if (added.notification_url !== undefined && !added.credentials) {
        throw new TypeError('notification_url goes with credentials: webhooks carry them')
      }
      const context = { now: clock.now(), baseUrl, salt: cardSalt() }
      const entry = addedEntry(added, context, { uid: random.uid, acquirer })
      ledger.put(entry)
      return standardAnswer(entry).transaction
    },
  }
}
