/** Marks transactions whose signature was checked, so that nothing else can be delivered to a task. */

/** Shared through the registry of symbols: `core` and `core/webhook` may be bundled apart. JSON cannot carry it. */
const VERIFIED: symbol = Symbol.for('async-transaction.verified')

export const markVerified = <T extends object>(transaction: T): T =>
  Object.defineProperty(transaction, VERIFIED, { value: true })

export const isVerified = (transaction: unknown): boolean => Object.hasOwn(Object(transaction), VERIFIED)
