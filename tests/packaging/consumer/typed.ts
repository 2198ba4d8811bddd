/** The types of all packages, as an application leans on them. `pay` runs as well. */
import {
  basicAuth,
  bearerAuth,
  type Client,
  createClient,
  exponentialSchedule,
  fixedSchedule,
  isTransactionError,
  type Journal,
  memoryJournal,
  type Outcome,
  type PaymentRequest,
  sqrtSchedule,
  type TaskHandle,
  type TaskState,
  type Transaction,
  type TransactionTask,
  webStorageJournal,
} from '@async-transaction/core'
import { createBrowserClient, indexedDbJournal } from '@async-transaction/core/browser'
import { type CardToEncrypt, type EncryptedCard, encryptCard } from '@async-transaction/core/encryption'
import { attempt, type Reading, readReply } from '@async-transaction/core/protocol'
import { createSimulatedClock } from '@async-transaction/core/testing'
import { verifyWebhook, WebhookError } from '@async-transaction/core/webhook'
import { createTokenProxy, memoryOutcomes, type OutcomeStore, type TokenProxy } from '@async-transaction/proxy'
import { createOutcomeObject, durableObjectOutcomes } from '@async-transaction/proxy/durable-object'
import { redisOutcomes } from '@async-transaction/proxy/redis'
import { useAsyncTransaction } from '@async-transaction/react'
import {
  distinctStatus,
  fromTask,
  lookupUnknown,
  recoverTasks,
  settled,
  submitTransaction,
  toTransaction,
} from '@async-transaction/rxjs'
import { createSandbox, type Sandbox } from '@async-transaction/sandbox'
import { serveSandbox } from '@async-transaction/sandbox/node'
import { lastValueFrom, mergeMap, type Observable, of } from 'rxjs'

const order = (tracking_id: string): PaymentRequest => ({
  amount: 3245,
  currency: 'KZT',
  description: tracking_id,
  tracking_id,
  credit_card: { number: '4200000000000000', verification_value: '123', exp_month: '05', exp_year: '2030' },
})

/** One payment: what came of it, in two words. */
export async function pay(baseUrl: string, trackingId: string): Promise<string> {
  const client: Client = createClient({
    baseUrl,
    auth: basicAuth({ shopId: '361', secretKey: 'a-secret-key' }),
    strategy: 'status',
    schedule: fixedSchedule({ intervalMs: 50 }),
    journal: memoryJournal(),
    onEvent: ({ type }) => void type,
  })
  const payment = of(order(trackingId)).pipe(submitTransaction(client, 'payments'), distinctStatus(), settled())
  const { status, ...rest } = await lastValueFrom(payment)
  return `${status} ${'transaction' in rest ? rest.transaction?.status : ''}`
}

export async function watch(task: TransactionTask, signal: AbortSignal): Promise<Transaction> {
  const { closed, unsubscribe }: { closed: boolean; unsubscribe: () => void } = task.subscribe(
    { next: (state: TaskState) => void state.status, error: () => {}, complete: () => {} },
    { signal },
  )
  if (!closed) unsubscribe()
  for await (const state of task) if (state.status === 'processing') console.log(state.nextPollMs, state.polls)
  const handle: TaskHandle = await task.accepted()
  const outcome: Outcome = await task.outcome()
  if (outcome.status === 'error' && outcome.error.code === 'gateway-error') console.log(outcome.error.fieldErrors)
  if (outcome.status === 'unknown') console.log(outcome.cause, outcome.candidates.length, handle.requestId)
  if (outcome.status === 'unknown') await task.lookup()
  task.poll()
  task.stop()
  return task.result()
}

export async function maintain(client: Client, request: Request, publicKey: string): Promise<void> {
  try {
    const tasks: TransactionTask[] = await client.recover()
    const webhook = await verifyWebhook(request, { publicKey })
    for (const task of tasks) task.deliver(webhook)
    const [found] = await client.find({ trackingId: 'order-17' })
    if (found) console.log(found.uid, found.credit_card?.last_4)
    const { state, handle, nextCheckMs } = await client.check(JSON.parse('{}'))
    console.log(state?.status, handle.requestKey, nextCheckMs)
  } catch (error) {
    if (isTransactionError(error)) console.log(error.code, error.effect)
    if (error instanceof WebhookError) console.log(error.code)
  }
}

export async function payEncrypted(client: Client, card: CardToEncrypt, publicKey: string): Promise<TransactionTask> {
  const encrypted_credit_card: EncryptedCard = await encryptCard(card, publicKey)
  return client.submit('payments', { ...order('order-18'), credit_card: undefined, encrypted_credit_card })
}

export const operators = (client: Client, task: TransactionTask): Observable<Transaction>[] => [
  fromTask(task).pipe(lookupUnknown(client), toTransaction()),
  recoverTasks(client).pipe(mergeMap(fromTask), toTransaction()),
]

export const pages = (): Client[] => [
  createBrowserClient({ baseUrl: '/pay', auth: bearerAuth(() => 'token'), journal: indexedDbJournal() }),
  createClient({ baseUrl: '/pay', auth: () => 'token', schedule: sqrtSchedule(), clock: createSimulatedClock() }),
  createClient({ baseUrl: '/pay', auth: async () => 'token', schedule: exponentialSchedule() }),
]
export const stored = (): Journal => webStorageJournal(() => sessionStorage)

export function Checkout(client: Client): string {
  const { submit, status, transaction, isPending } = useAsyncTransaction(client, { type: 'payments', recover: true })
  if (!isPending) submit(order('order-17'))
  return transaction?.status ?? status
}

export const proxies = (stores: OutcomeStore[]): TokenProxy[] =>
  stores.map((outcomes) =>
    createTokenProxy({
      gateway: { baseUrl: 'https://gw.horizonpay.kz', shopId: '361', secretKey: 'a-secret-key' },
      secret: 'nV7zq4PSLr0mXeKc1TgJwBfYh8uDa2iO',
      origins: ['https://shop.example'],
      outcomes,
    }),
  )
export const outcomes: OutcomeStore = memoryOutcomes()
export const others = { attempt, readReply, createOutcomeObject, durableObjectOutcomes, redisOutcomes, serveSandbox }
export const sandbox: Sandbox = createSandbox({ latencyMs: 5 })
export type Read = Reading
