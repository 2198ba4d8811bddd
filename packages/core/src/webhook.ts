/** Webhooks of the gateway: `@async-transaction/core/webhook`. */
export { WebhookError, type WebhookErrorCode } from './errors/webhook-error.ts'
export { supersedes } from './schema/supersedes.ts'
export type { CreditCard, Transaction, TransactionStatus } from './schema/transaction.ts'
export type { BasicCredentials } from './transport/basic-auth.ts'
export { type VerifyWebhookOptions, verifyWebhook, type WebhookRequest } from './webhook/verify-webhook.ts'
