/** Puts the sandbox together. Nothing here touches time, randomness or the network before the first request. */
import { createAgenda } from './agenda.ts'
import { systemClock } from './clock.ts'
import type { Controlled } from './control.ts'
import { type ExchangeParts, exchange, signalsOf } from './exchange.ts'
import { createFaultBook } from './faults/fault-book.ts'
import { parseFault } from './faults/parse-fault.ts'
import { createGateway } from './gateway.ts'
import { createBackOffice } from './processing/back-office.ts'
import { isCharged } from './processing/entry.ts'
import { createLedger } from './processing/ledger.ts'
import { createListing } from './processing/listing.ts'
import { createProcessor } from './processing/processor.ts'
import { standardAnswer } from './processing/standard-answer.ts'
import { UnknownTransaction } from './processing/unknown-transaction.ts'
import { createRandom } from './random.ts'
import { createRequestLog } from './request-log.ts'
import type { Sandbox, SandboxOptions } from './sandbox.ts'
import { readOptions } from './sandbox-options.ts'
import { createStopSignal } from './stop-signal.ts'
import { toTaskRecord } from './tasks/task.ts'
import { createTaskDesk } from './tasks/task-desk.ts'
import { lostConnection, toResponse } from './to-response.ts'
import { createSigningKey, toPem } from './webhooks/signing-key.ts'
import { createWebhookSender } from './webhooks/webhook-sender.ts'

/**
 * A gateway of your own, in memory, that answers as the real one does (protocol sections 1 to 7).
 *
 * @throws TypeError that names an option and what it takes
 * @example
 * const sandbox = createSandbox()
 * const client = createClient({ baseUrl: 'https://gateway.test', fetch: sandbox.fetch, auth })
 */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const { latency, lookupLagMs, baseUrl, switches } = readOptions(options)
  const { clock = systemClock, seed, credentials } = options
  const sendWebhook = options.fetch ?? ((request) => fetch(request))
  const closing = createStopSignal()
  const agenda = createAgenda(clock)
  const { listedWhileProcessing } = switches
  const listing = createListing({ clock, lagMs: lookupLagMs, whileProcessing: listedWhileProcessing })
  const ledger = createLedger(listing.update)
  const faults = createFaultBook(clock)
  const log = createRequestLog(options.onRequest)
  const key = createSigningKey(options.webhookKeys)
  const webhooks = createWebhookSender({ clock, agenda, key, fetch: sendWebhook, closing })
  const processor = createProcessor({
    clock,
    agenda,
    ledger,
    listing,
    refusalStatus: switches.refusalStatus,
    random: createRandom(seed, 'transactions'),
    onFinal: webhooks.announce,
  })
  const latencies = createRandom(seed, 'latencies')
  const desk = createTaskDesk({
    clock,
    agenda,
    processor,
    switches,
    ids: createRandom(seed, 'tasks'),
    latency: () => latency(latencies.next()),
  })
  const cardSalt = once(() => createRandom(seed, 'cards').hex(32))
  const gateway = createGateway({
    clock,
    credentials,
    switches,
    cardSalt,
    privateKey: key.privateKey,
    desk,
    ledger,
    listing,
    processor,
  })

  const backOffice = createBackOffice({
    clock,
    ledger,
    random: createRandom(seed, 'back office'),
    baseUrl,
    credentials,
    cardSalt,
    onChanged: webhooks.announce,
  })

  const controlled: Controlled = {
    fault: (fault) => faults.add(parseFault(fault)),
    clearFaults: faults.clear,
    tasks() {
      agenda.runDue()
      return desk.all().map((task) => toTaskRecord(task, clock.now()))
    },
    requests: log.all,
    charges(trackingId) {
      agenda.runDue()
      return ledger.all(trackingId).filter(isCharged).length
    },
    transactions(trackingId) {
      agenda.runDue()
      return ledger.all(trackingId).map((entry) => standardAnswer(entry).transaction)
    },
    addTransaction(transaction) {
      agenda.runDue()
      return backOffice.add(transaction)
    },
    chargeback(uid, chargeback) {
      agenda.runDue()
      return backOffice.chargeback(uid, chargeback)
    },
    correct(uid, correction) {
      agenda.runDue()
      return backOffice.correct(uid, correction)
    },
    webhooks() {
      agenda.runDue()
      return webhooks.records()
    },
    publicKey: key.publicKey,
  }
  const parts: ExchangeParts = {
    clock,
    agenda,
    ids: createRandom(seed, 'answers'),
    baseUrl,
    gateway,
    desk,
    ledger,
    listing,
    faults,
    log,
    controlled,
    closing,
  }

  return {
    ...controlled,
    async fetch(input, init) {
      const given = typeof input === 'string' || input instanceof URL ? undefined : input
      // With a signal alone it is taken as it is: not every `Request` is of the class that this runtime would make.
      const request =
        given && !Object.keys(init ?? {}).some((key) => key !== 'signal') ? given : new Request(input, init)
      const signals = signalsOf(closing, given?.signal, init?.signal ?? request.signal)
      const wire = await exchange(parts, request, signals)
      return toResponse(wire, signals)
    },
    exchange: (request) => exchange(parts, request, signalsOf(closing, request.signal)),
    async redeliver(uid) {
      agenda.runDue()
      const entry = ledger.byUid(uid)
      if (!entry) throw new UnknownTransaction(uid)
      return webhooks.redeliver(entry)
    },
    publicKeyPem: async () => toPem(await key.publicKey()),
    close() {
      agenda.close()
      closing.abort(lostConnection())
    },
  }
}

/** The value at its first use, and the same from then on. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
