/** The back office of the gateway: changes in the books that no request of the shop makes. */
import type { Clock } from '../clock.ts'
import type { Random } from '../random.ts'
import type { Credentials } from '../shop.ts'
import { drawMark } from './acquirer-mark.ts'
import { type AddedTransaction, addedEntry, readAddedTransaction } from './added-transaction.ts'
import { type Chargeback, chargebackOf, readChargeback } from './chargeback.ts'
import { type Correction, correctEntry, readCorrection } from './correction.ts'
import type { Entry } from './entry.ts'
import type { Ledger } from './ledger.ts'
import { type SandboxTransaction, standardAnswer } from './standard-answer.ts'
import { UnknownTransaction } from './unknown-transaction.ts'

export interface BackOffice {
  /** Takes back what a transaction paid. */
  chargeback(uid: string, chargeback?: Chargeback): SandboxTransaction
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
  /** Called with each transaction that was corrected, and each chargeback. */
  readonly onChanged: (entry: Entry) => void
}): BackOffice {
  const { clock, ledger, random, baseUrl, credentials, cardSalt, onChanged } = options
  const acquirer = () => drawMark(random)

  const find = (uid: string): Entry => {
    const entry = ledger.byUid(uid)
    if (!entry) throw new UnknownTransaction(uid)
    return entry
  }

  return {
    chargeback(uid, chargeback) {
      const fields = readChargeback(chargeback)
      const draw = { uid: random.uid, acquirer, token: () => random.hex(64) }
      const entry = chargebackOf(find(uid), fields, clock.now(), draw)
      ledger.put(entry)
      onChanged(entry)
      return standardAnswer(entry).transaction
    },
    correct(uid, correction) {
      const fields = readCorrection(correction)
      const corrected = correctEntry(find(uid), fields, clock.now(), acquirer)
      ledger.put(corrected)
      onChanged(corrected)
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
