/** The types that applications lean on. `npm run typecheck` is what tests them; running them only shows that they load. */
import {
  type AnyTransactionError,
  basicAuth,
  type Client,
  createClient,
  isTransactionError,
  type Journal,
  type Outcome,
  type PaymentRequest,
  type TaskHandle,
  type TaskSnapshot,
  type TaskState,
  type Transaction,
  type TransactionTask,
} from '@async-transaction/core'
import { type EncryptedCard, encryptCard } from '@async-transaction/core/encryption'
import { from, type Observable } from 'rxjs'
import type { Storage as Unstorage } from 'unstorage'
import { expectTypeOf, it } from 'vitest'

declare const client: Client
declare const task: TransactionTask
const never = (value: never): never => value

it('requests are typed by the type of transaction, and open', () => {
  void (() => {
    client.submit('payments', { amount: 1, currency: 'KZT', description: 'x', anything: { at: 'all' } })
    client.submit('captures', { parent_uid: 'x', amount: 1 })
    client.submit('refunds', { parent_uid: 'x', amount: 1, reason: 'x' })
    client.submit('a-type-of-tomorrow', { whatever: true })
    // @ts-expect-error a payment needs a currency
    client.submit('payments', { amount: 1, description: 'x' })
    // @ts-expect-error an amount is a number
    client.submit('payments', { amount: '1', currency: 'KZT', description: 'x' })
    // @ts-expect-error a refund needs a reason
    client.submit('refunds', { parent_uid: 'x', amount: 1 })
    // @ts-expect-error a type stands in the URL, in the plural
    client.submit('payment', { amount: 1, currency: 'KZT', description: 'x' })
    // @ts-expect-error there is no such option
    client.submit('balance', {}, { retry: 3 })
  })
})

it('states narrow exhaustively', () => {
  void ((state: TaskState): string | number => {
    switch (state.status) {
      case 'processing':
        return state.nextPollMs
      case 'completed':
        return state.requestId
      case 'result':
        return state.transaction?.status ?? ''
      case 'unknown':
        expectTypeOf(state.cause).toEqualTypeOf<'not-found' | 'expired' | 'answer-lost'>()
        return state.candidates.length
      default:
        return never(state)
    }
  })
  void ((outcome: Outcome) => {
    if (outcome.status === 'error') expectTypeOf(outcome.error).toEqualTypeOf<AnyTransactionError>()
    else expectTypeOf(outcome.status).toEqualTypeOf<'result' | 'unknown'>()
  })
  expectTypeOf<TaskSnapshot['status']>().toEqualTypeOf<TaskState['status'] | 'submitting' | 'error'>()
})

it('errors narrow by code', () => {
  void ((error: unknown) => {
    if (!isTransactionError(error)) return
    expectTypeOf(error.effect).toEqualTypeOf<'none' | 'unknown'>()
    if (error.code === 'submit-rejected') expectTypeOf(error.fieldErrors).toExtend<Record<string, readonly string[]>>()
    if (error.code === 'unknown-outcome') expectTypeOf(error.cause).toExtend<string>()
    // @ts-expect-error a deadline has no field errors
    if (error.code === 'deadline') error.fieldErrors.amount
  })
})

it('a card in the clear goes in, what a request takes comes out', () => {
  void (async (card: NonNullable<PaymentRequest['credit_card']>) => {
    const encrypted_credit_card = await encryptCard(card, 'key')
    expectTypeOf(encrypted_credit_card).toEqualTypeOf<EncryptedCard>()
    client.submit('payments', { amount: 1, currency: 'KZT', description: 'x', encrypted_credit_card })
    await encryptCard({ number: '4', exp_month: 5, exp_year: '30', save_card: true }, 'key')
    // @ts-expect-error a security code may begin with a zero, so it is a text
    await encryptCard({ verification_value: 12 }, 'key')
    // @ts-expect-error a saved card is not encrypted
    await encryptCard({ token: 'x' }, 'key')
    // @ts-expect-error there is no other field to encrypt
    await encryptCard({ cvc: '123' }, 'key')
  })
})

it('a task gives what it says', () => {
  void (() => {
    expectTypeOf(task.outcome()).toEqualTypeOf<Promise<Outcome>>()
    expectTypeOf(task.result()).toEqualTypeOf<Promise<Transaction>>()
    expectTypeOf(task.accepted()).toEqualTypeOf<Promise<TaskHandle>>()
    expectTypeOf(from(task)).toEqualTypeOf<Observable<TaskState>>()
    // @ts-expect-error a task is not a promise
    task.then()
    // @ts-expect-error a client makes tasks
    ;new (task.constructor as typeof TransactionTask)()
  })
})

it('an unstorage instance, an AbortSignal and any fetch fit as they are', () => {
  expectTypeOf<Unstorage>().toExtend<Journal>()
  void ((signal: AbortSignal) => {
    createClient({ baseUrl: '/', auth: basicAuth({ shopId: 1, secretKey: 'x' }), fetch })
    createClient({ baseUrl: '/', auth: () => 'x', fetch: async (request: Request) => new Response(request.url) })
    task.subscribe(() => {}, { signal })
  })
})
