/** A client: a registry of payments at one gateway, with one shop's credentials. Nothing is shared between clients. */
import { TransactionError } from '../errors/transaction-error.ts'
import { uuid } from '../lib/uuid.ts'
import { emit } from '../payment/emit.ts'
import { differenceOf } from '../payment/intent.ts'
import { load, paymentKeys, purge } from '../payment/journal-writer.ts'
import { Payment } from '../payment/payment.ts'
import { type Intent, type PaymentRecord, RETENTION_MS, recovering } from '../payment/record.ts'
import { parseRecord } from '../schema/payment-record.ts'
import { validateRequest } from '../schema/request.ts'
import type { PaymentRequest } from '../schema/request-types.ts'
import { TransactionTask } from '../task/transaction-task.ts'
import type { Send } from '../transport/send.ts'
import { check } from './check.ts'
import type { Client } from './client.ts'
import { find } from './find.ts'
import { type ClientOptions, configError, settingsOf, withDefaults } from './options.ts'
import { Registry } from './registry.ts'

/** A client that sends by `send`. Throws `config` for an option that is missing, unknown or wrong. */
export function clientOver(send: Send, options: ClientOptions): Client {
  const settings = settingsOf(send, options)
  const { clock, random, journal, scope } = settings
  const payments = new Registry<Payment>()

  /** The payment of a record: the one under its key, or a new one. `recall`: the journal may know more. */
  const paymentOf = (record: PaymentRecord, recall: boolean): Payment => {
    const { requestKey, requestId } = record
    const known = payments.get(requestKey)
    // A handle of another task under the same key: never mixed with the one that is known.
    const foreign = requestId !== undefined && (known?.known.requestId ?? requestId) !== requestId
    const key = foreign ? `${requestKey}\n${requestId}` : requestKey
    const payment = (foreign ? payments.get(key) : known) ?? payments.set(key, new Payment(settings, record, recall))
    payment.resume(record)
    return payment
  }

  return {
    clock,
    random,

    submit(type, request, options = {}) {
      withDefaults(options, { requestKey: '', paymentMethod: '', signal: null })
      const { requestKey = uuid(), paymentMethod, signal } = options
      if (!/^[\x21-\x7e]{1,255}$/.test(requestKey))
        throw configError('requestKey must be 1 to 255 visible ASCII characters')
      const intent = intentOf(type, request, requestKey)
      const body = serialise(type, request, intent.trackingId)
      const record: PaymentRecord = {
        v: 1,
        ...intent,
        createdAt: clock.now(),
        ...(paymentMethod && { paymentMethod }),
        polls: 0,
        lost: 0,
        tries: 0,
      }
      const known = payments.get(requestKey)
      const payment =
        known && !known.refused ? known : payments.set(requestKey, new Payment(settings, record, !!options.requestKey))
      const difference = differenceOf(payment.known, record)
      if (difference) throw new TransactionError({ ...difference, requestKey, trackingId: intent.trackingId })
      payment.submit(body)
      const task = TransactionTask.of(payment, signal)
      payment.go()
      return task
    },

    resume(handle) {
      const payment = paymentOf(recordOf(handle, true), true)
      const task = TransactionTask.of(payment)
      const { statusUrl, responseUrl } = task.handle ?? handle
      if (handle.statusUrl !== statusUrl || handle.responseUrl !== responseUrl) payment.warn('untrusted-url')
      return task
    },

    check: async (handle) => check(paymentOf(recordOf(handle, false), true), handle),

    find: (by) => find(settings, by),

    async recover(options = {}) {
      withDefaults(options, { trackingId: '', limit: 1 })
      const { trackingId, limit = Number.POSITIVE_INFINITY } = options
      const recovered: TransactionTask[] = []
      const failed = (): void => emit(settings, { type: 'warning', warning: 'journal-failed' })
      const keys = journal && (await journal.use((used) => used.getKeys()))
      if (journal && !keys) failed()
      for (const key of paymentKeys(keys?.value ?? [])) {
        if (recovered.length >= limit) break
        const loaded = await journal?.use((used) => load(used, key, { scope }))
        if (!loaded) failed()
        const record = loaded?.value
        if (!record || (trackingId !== undefined && record.trackingId !== trackingId)) continue
        if (record.ending && clock.now() - (record.savedAt ?? 0) >= RETENTION_MS)
          await journal?.use((used) => purge(used, key))
        else recovered.push(TransactionTask.of(paymentOf(record, false)))
      }
      return recovered
    },
  }
}

const isObject = (value: unknown): value is object => !!value && typeof value === 'object'

/** The facts of a request that stay known once its bytes are gone. */
function intentOf(type: string, given: unknown, requestKey: string): Omit<Intent, 'v' | 'createdAt'> {
  const request = (given ?? {}) as PaymentRequest
  const { amount, currency, test, tracking_id: trackingId = requestKey, parent_uid: parentUid } = request
  return {
    requestKey,
    trackingId,
    type,
    ...(amount !== undefined && { amount }),
    ...(currency !== undefined && { currency }),
    ...(typeof parentUid === 'string' && { parentUid }),
    ...(typeof test === 'boolean' && { test }),
  }
}

/** The record of a handle, or of a lost submission where that will do. */
function recordOf(handle: object, accepted: boolean): PaymentRecord {
  const parsed = parseRecord(handle)
  const { v, requestId, uid } = (handle ?? {}) as { v?: unknown; requestId?: unknown; uid?: unknown }
  const wrong =
    isObject(handle) && (accepted || requestId) && v === undefined
      ? 'v is required'
      : typeof parsed === 'string'
        ? parsed
        : accepted && !requestId && 'requestId is missing'
  if (wrong) throw new TransactionError({ code: 'request-invalid', message: `The handle cannot be used: ${wrong}` })
  const { ending, savedAt, ...record } = { ...(parsed as PaymentRecord), v: 1 as const, tries: 0 }
  return requestId || uid ? record : recovering(record)
}

/** Once, at the call: the bytes that are sent again stay the same, whatever becomes of the object. */
function serialise(type: string, given: unknown, trackingId: string): string {
  const request = isObject(given) && !Array.isArray(given) ? { ...given, tracking_id: trackingId } : given
  let wrong = validateRequest(type, request)
  try {
    if (!wrong) return JSON.stringify({ request })
  } catch {
    wrong = 'The request cannot be written as JSON'
  }
  throw new TransactionError({ code: 'request-invalid', effect: 'none', message: wrong })
}
