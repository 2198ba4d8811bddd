/** Payments in Angular, as signals. Functions alone: no decorator, and so no compiler. */
export { type InjectPaymentOptions, injectPayment, type Payment, type PaymentState } from './inject-payment.ts'
export { injectTransactions, provideAsyncTransactions } from './provide.ts'
