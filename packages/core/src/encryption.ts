/** Encryption of cards before they leave the page: `@async-transaction/core/encryption`. */
export { type EncryptedCard, encryptCard } from './encryption/encrypt-card.ts'
export type { CardToEncrypt } from './encryption/read-card.ts'
export { type AnyTransactionError, isTransactionError } from './errors/is-transaction-error.ts'
export { TransactionError } from './errors/transaction-error.ts'
