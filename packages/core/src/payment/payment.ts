/**
 * One payment: asks the machine what comes next, does it, and feeds it the response. One exchange at a time, and none is
 * ever cut short because an observer left. Tasks are views of it; there is one for a `requestKey` in a client.
 */
import type { Transaction } from '../schema/transaction.ts'
import type { Operation, Warning } from './client-event.ts'
import { CompletionTeacher } from './completion-teacher.ts'
import { exchange } from './exchange.ts'
import { differenceOf } from './intent.ts'
import { Ledger } from './ledger.ts'
import { isInterlude } from './lookups.ts'
import { phaseOf, reduce } from './machine.ts'
import { merge } from './merge.ts'
import { nextDelay, spread } from './next-delay.ts'
import type { PaymentEvent } from './payment-event.ts'
import { Poller } from './poller.ts'
import type { Reading } from './read-reply.ts'
import { isAnswer, type PaymentRecord, RETENTION_MS, recovering, reopened } from './record.ts'
import type { Settings } from './settings.ts'
import { fail } from './settle.ts'
import { Stopwatch } from './stopwatch.ts'
import { type PaymentView, PaymentViews } from './views.ts'

/** No POST leaves later than this after `submit()`, in milliseconds: nobody waits for it any more. */
const SUBMIT_MS = 2 * 60_000
/** A submission of an earlier process is looked up until this long after it was made, in milliseconds. */
const RECOVERY_MS = 10 * 60_000
/** A payment whose outcome is unknown is polled again once in this time, in milliseconds. */
const UNKNOWN_MS = 60_000

export class Payment extends Poller {
  readonly settings: Settings
  /** Time since the task was accepted, or else since it was submitted. */
  readonly age: Stopwatch
  readonly views: PaymentViews = new PaymentViews()
  /** The journal has another payment under its key. */
  refused = false
  readonly #ledger: Ledger
  readonly #teacher: CompletionTeacher | undefined
  #observers = 0
  /** All views were stopped, and nothing was asked for since: nothing more is sent. */
  #left = false
  /** The bytes of a submission, while they may be needed. */
  #body: string | undefined
  /** It is submitted, and looked up, whether it is observed or not. */
  #eager = false
  #submittedAt = 0
  /** A POST has left this process, which was not refused for certain. */
  #posted = false
  /** Nothing is sent before that, in milliseconds of the client's uptime. */
  #floorAt = 0
  /** The age from which the deadline counts: since it was resumed after an end of our polling. */
  #from = 0

  /** `recall`: the journal may know more than `record`. */
  constructor(settings: Settings, record: PaymentRecord, recall: boolean) {
    super(settings.clock)
    this.settings = settings
    this.age = new Stopwatch(settings.clock, record.createdAt)
    this.#ledger = new Ledger(settings, record, recall, () => this.#published())
    const { observe, prepare } = settings.schedule
    if (observe || prepare) this.#teacher = new CompletionTeacher(settings.schedule, () => this.warn('schedule-failed'))
    this.#waitForUnknown()
  }

  /** The latest journaled record; observers see only this one. */
  get known(): PaymentRecord {
    return this.#ledger.known
  }

  get #record(): PaymentRecord {
    return this.#ledger.record
  }

  /** For how long nothing is sent, in milliseconds. */
  get floorMs(): number {
    return this.#floorAt - this.settings.uptime.elapsedMs()
  }

  /** Whether certainly no POST of this payment has left, from any process, and none will, since it has no view left. */
  get untouched(): boolean {
    const sent = this.#posted || this.#record.inDoubt || this.#ledger.recall
    return phaseOf(this.#record) === 'submit' && !sent && !this.views.open
  }

  join(view: PaymentView): void {
    this.#left = false
    this.views.add(view)
  }

  /** The view was stopped. Without a view nothing more is sent; a response in flight is kept. */
  leave(view: PaymentView): void {
    this.views.remove(view)
    if (this.views.open) return
    this.#left = true
    this.#teach(Number.POSITIVE_INFINITY)
    this.#body = undefined
    this.#eager = false
    this.go()
  }

  observe(observed: boolean): void {
    this.#observers += observed ? 1 : -1
    this.go()
  }

  /** Submits `body`, unless the payment is under way, accepted or answered: under one key it is one payment. */
  submit(body: string): void {
    const { requestId, ending, inDoubt, recovered, createdAt } = this.#record
    if (requestId) this.resume()
    // A submission of an earlier process is under way without its bytes.
    if (requestId || isAnswer(ending) || (!ending && !recovered && this.views.open)) return
    const now = this.clock.now()
    const first = !this.#submittedAt && !this.views.open
    const untouched = ending ? ending.status === 'error' && ending.effect === 'none' : !inDoubt && !this.#posted
    if (untouched) this.#posted = false
    this.#body = body
    this.#eager = true
    this.#submittedAt = now
    if (!first) this.#restart({ ...reopened(this.#record), createdAt: untouched ? now : createdAt })
  }

  /** Goes on after an end of our polling. `record`: a handle, or the journal, may know more. */
  resume(record: PaymentRecord = this.#record): void {
    // The response to the POST in flight will tell.
    if (!this.#record.ending && !this.#record.requestId && this.views.open) return
    const merged = merge(this.#record, record)
    const { ending, requestId, recovered } = merged
    const underWay = !ending && (requestId || recovered) && !this.#record.ending
    if (isAnswer(ending) || underWay) {
      if (merged === this.#record) return
      // The journal had an answer: a task that ended without one stays so, and the next one shows it.
      if (this.#record.ending && !isAnswer(this.#record.ending)) {
        this.views.shared = undefined
        this.#ledger.restart(merged)
      }
      void this.#advance(merged)
      return
    }
    this.#from = this.age.elapsedMs()
    if (requestId) this.#restart(reopened(merged))
    else if (record.recovered) this.#restart(recovering(merged))
  }

  /** Polls now, unless a request is under way, the gateway said to wait, or there is nothing to poll. */
  async poll(): Promise<void> {
    this.#left = false
    const phase = phaseOf(this.#record)
    const waits = this.floorMs > 0 && this.#remainingMs(this.#record) > 0
    if (phase === 'settled' || phase === 'submit' || waits) return
    // A hint takes away none of the lookups that are planned.
    await this.take(() => (phase === 'lookup' && this.clock.now() < this.nextAt ? this.#look() : this.step()))
  }

  /** Looks the transaction up, whatever is known of the task: once more where it is listed for the first time. */
  async lookUp(): Promise<void> {
    const found = (): string | undefined => this.#record.lookups?.found
    const before = found()
    let asked = false
    this.#left = false
    const look = async (): Promise<void> => {
      asked = true
      await this.#look()
      if (this.#record.ending?.status === 'unknown' && found() !== before) await this.#look()
    }
    while (!asked) await this.take(look)
  }

  /** Settles it by a verified webhook; returns whether that changed anything. */
  deliver(transaction: Transaction): boolean {
    return this.#apply({ type: 'answered', body: { transaction }, via: 'webhook' })
  }

  warn(warning: Warning): void {
    this.#ledger.warn(warning)
  }

  protected override wanted(): boolean {
    const phase = phaseOf(this.#record)
    return phase !== 'settled' && (this.#eager || (this.#observers > 0 && phase !== 'submit'))
  }

  /** What a step learned is journaled before it ends. */
  protected override take(step: () => Promise<void>): Promise<void> {
    return super.take(() => step().finally(() => this.#ledger.written()))
  }

  /** One exchange, with all that has to be known before it. */
  protected override async step(): Promise<void> {
    const submitting = phaseOf(this.#record) === 'submit'
    if (this.#ledger.recall) await this.#remember()
    if (this.floorMs > 0) {
      // Nothing outlasts the deadline, an order to wait neither.
      if (this.#remainingMs(this.#record) <= 0) this.#apply(DEADLINE)
      else this.#wait()
      return
    }
    if (phaseOf(this.#record) === 'submit' && !(await this.#prepare())) return
    const phase = phaseOf(this.#record)
    // Another process had it taken: it is polled when it is observed.
    if (phase === 'settled' || (submitting && phase === 'poll' && !this.wanted())) return
    this.#teacher?.prepare(this.#record)
    const askedAt = this.age.elapsedMs()
    const { completed } = this.#record
    const operation = phase === 'poll' ? (completed ? 'result' : this.settings.strategy) : phase
    // A webhook may settle it while credentials are fetched.
    const reading = await this.#ask(operation, () => phaseOf(this.#record) === phase)
    if (reading.type === 'accepted') {
      this.age.restart()
      this.#from = 0
    } else if (reading.type === 'processing') this.#teacher?.running(askedAt)
    else if (reading.type === 'error') this.#teacher?.erred(askedAt)
    else if (isDone(reading) || (reading.type === 'gone' && this.#record.lastWords)) this.#teach(askedAt)
    // The phase changed while the request was in flight: its response counts only if it brings the transaction.
    const counts = phaseOf(this.#record) === phase || reading.type === 'answered' || reading.type === 'listed'
    const record = counts ? reduce(this.#record, reading, this.clock.now()) : this.#record
    if (record !== this.#record) this.#goOn(record, reading.type === 'completed')
  }

  /** Before a POST: the journal has the payment, and the gateway will still know the key. Returns whether to go on. */
  async #prepare(): Promise<boolean> {
    const { journalRequired, submitTimeoutMs } = this.settings
    if (!(await this.#advance(this.#record)) && journalRequired && phaseOf(this.#record) === 'submit')
      this.#apply({ type: 'failed', failure: { code: 'config' } })
    if (!this.wanted()) {
      // Stopped before anything was sent: there is nothing to recover.
      if (this.untouched) await this.#ledger.remove()
      return false
    }
    if (phaseOf(this.#record) !== 'submit') return true
    const { inDoubt, createdAt, tries } = this.#record
    const now = this.clock.now()
    // When it gets there, the gateway will have forgotten the key: under it, another POST would be another payment.
    const forgotten = inDoubt && now - createdAt >= RETENTION_MS - submitTimeoutMs
    if (forgotten) this.#apply({ type: 'failed', failure: { code: 'submit-lost', effect: 'unknown' } })
    else if (now - this.#submittedAt > SUBMIT_MS) this.#apply({ type: 'late' })
    else if (tries || this.#posted || now - createdAt > 1000) this.#ledger.record = { ...this.#record, postedAt: now }
    if (phaseOf(this.#record) === 'submit') this.#posted = true
    return true
  }

  /** A lookup that was not planned: it changes nothing unless it finds the transaction. */
  async #look(): Promise<void> {
    const floorAt = this.#floorAt
    const reading = await this.#ask('lookup')
    this.#floorAt = Math.max(floorAt, this.#floorAt)
    // The exchange that was planned waits as well.
    if (this.nextAt - this.clock.now() < this.floorMs) this.#wait()
    const record = reading.type === 'listed' ? reduce(this.#record, reading, this.clock.now()) : this.#record
    if (record === this.#record) return
    if (this.#record.ending || record.ending?.status === 'result') void this.#advance(record)
    else if (this.#record.lookups && record.lookups?.found)
      // The next list counts, whoever asks for it.
      this.#ledger.record = { ...this.#record, lookups: { ...this.#record.lookups, found: record.lookups.found } }
  }

  /** Plans the next exchange of `record`, or ends it at its deadline. */
  #goOn(record: PaymentRecord, atOnce: boolean): void {
    const due = !atOnce && this.#remainingMs(record) <= 0
    if (due) this.#teach(Number.POSITIVE_INFINITY)
    const next = due ? reduce(record, DEADLINE, this.clock.now()) : record
    try {
      if (atOnce) this.#wait()
      else if (!next.ending) this.#plan(next)
    } finally {
      // What the response brought is kept, whatever becomes of the plan.
      this.#advance(next)
    }
  }

  #plan(record: PaymentRecord): void {
    const elapsedMs = this.age.elapsedMs()
    const proposed = nextDelay(record, this.settings, elapsedMs, () => this.warn('schedule-invalid'))
    const floorMs = spread(this.floorMs, this.settings.random)
    const delayMs = Math.min(Math.max(proposed, floorMs), this.#remainingMs(record))
    this.plan(delayMs)
    if (phaseOf(record) === 'submit' && record.tries && this.#eager && this.nextAt - this.#submittedAt <= SUBMIT_MS)
      this.#ledger.emit({ type: 'retry', operation: 'submit', delayMs })
  }

  /** Until the deadline. The lookups of a task that is gone have their own end. */
  #remainingMs(record: PaymentRecord): number {
    if (record.recovered) return RECOVERY_MS - this.age.elapsedMs()
    if (phaseOf(record) !== 'poll' && !isInterlude(record)) return Number.POSITIVE_INFINITY
    return this.#from + this.settings.deadlineMs - this.age.elapsedMs()
  }

  async #ask(operation: Operation, due = (): boolean => true): Promise<Reading> {
    const wanted = (): boolean => !this.#left && due()
    const { reading, waitMs } = await exchange(this.settings, this.#ledger, operation, this.#body, wanted)
    this.#floorAt = this.settings.uptime.elapsedMs() + waitMs
    return reading
  }

  /** What the journal knows is not asked for again. */
  async #remember(): Promise<void> {
    const loaded = await this.#ledger.load()
    const submitting = phaseOf(this.#record) === 'submit'
    if (this.#record.ending) return
    if (!loaded && submitting) {
      // It may have been sent under this key before.
      if (this.settings.journalRequired) this.#apply({ type: 'failed', failure: { code: 'config', effect: 'unknown' } })
      else this.#ledger.record = { ...this.#record, unread: true }
    }
    const stored = loaded?.record
    if (!stored) return
    const difference = submitting && differenceOf(stored, this.#record)
    if (difference) {
      // It ends here alone: the entry is of another payment.
      this.refused = true
      this.#ledger.record = fail(this.#record, difference)
      return this.#ledger.publish(this.#record)
    }
    const record = merge(this.#record, stored)
    if (record === this.#record) return
    this.age.restart(record.createdAt)
    await this.#advance(record)
    this.#waitForUnknown()
  }

  /** An outcome that was unknown a moment ago is so now. */
  #waitForUnknown(): void {
    const { unknownAt, ending } = this.#record
    if (unknownAt === undefined || ending) return
    const agoMs = Math.max(0, this.clock.now() - unknownAt)
    this.#floorAt = Math.max(this.#floorAt, this.settings.uptime.elapsedMs() + UNKNOWN_MS - agoMs)
    this.#wait()
  }

  /** Plans the next exchange for when the gateway may be asked again; at the deadline if that is sooner. */
  #wait(): void {
    this.plan(Math.max(0, Math.min(this.floorMs, this.#remainingMs(this.#record))))
  }

  #restart(record: PaymentRecord): void {
    // A task that has ended stays so.
    if (this.#record.ending) this.views.shared = undefined
    this.pause()
    this.#ledger.restart(record)
    this.#wait()
    this.#waitForUnknown()
  }

  #teach(byMs: number): void {
    if (phaseOf(this.#record) === 'poll' && !this.#record.completed) this.#teacher?.done(this.#record, byMs)
  }

  #apply(event: PaymentEvent): boolean {
    const record = reduce(this.#record, event, this.clock.now())
    if (record === this.#record) return false
    if (event.type === 'answered') this.#teach(this.age.elapsedMs())
    this.plan(0)
    void this.#advance(record)
    return true
  }

  /** Returns whether a restart would find it. */
  #advance(record: PaymentRecord): Promise<boolean> {
    this.#letGo(record)
    return this.#ledger.advance(record)
  }

  /** What is needed no more is let go. */
  #letGo({ requestId, ending, failure }: PaymentRecord): void {
    if (requestId || ending) this.#eager = false
    if (!this.#eager || failure) this.#body = undefined
    if (ending) this.pause()
  }

  #published(): void {
    this.#letGo(this.#record)
    this.views.changed()
    // The journal may have known that it has not ended.
    this.go()
  }
}

const DEADLINE: PaymentEvent = { type: 'failed', failure: { code: 'deadline' } }

/** Whether the gateway said that it works no longer on the task. */
const isDone = (event: PaymentEvent): boolean =>
  event.type === 'completed' || event.type === 'confirmed' || (event.type === 'answered' && event.via === 'task')
