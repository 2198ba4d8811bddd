/**
 * One payment: asks the machine what comes next, does it, and feeds it the response. One exchange at a time, and none is
 * ever cut short because an observer left. Tasks are views of it; there is one for a `requestKey` in a client.
 */
import type { Transaction } from '../schema/transaction.ts'
import type { EventDetails, Operation, Warning } from './client-event.ts'
import { CompletionTeacher } from './completion-teacher.ts'
import { emit } from './emit.ts'
import { exchange } from './exchange.ts'
import { differenceOf } from './intent.ts'
import { JournalWriter } from './journal-writer.ts'
import { isInterlude } from './lookups.ts'
import { phaseOf, reduce } from './machine.ts'
import { merge } from './merge.ts'
import { lookupDelay, pollDelay, retryDelay } from './next-delay.ts'
import type { PaymentEvent } from './payment-event.ts'
import { Poller } from './poller.ts'
import type { Reading } from './read-reply.ts'
import { type Failure, isAnswer, type PaymentRecord, RETENTION_MS, recovering, reopened } from './record.ts'
import type { Settings } from './settings.ts'
import { fail } from './settle.ts'
import { Stopwatch } from './stopwatch.ts'

/** No POST leaves later than this after `submit()`, in milliseconds: nobody waits for it any more. */
const SUBMIT_MS = 2 * 60_000
/** A submission of an earlier process is looked up until this long after it was made, in milliseconds. */
const RECOVERY_MS = 10 * 60_000
/** A payment whose outcome is unknown is polled again once in this time, in milliseconds. */
const UNKNOWN_MS = 60_000

/** A view of a payment: a task. */
export interface PaymentView {
  /** The view that joined before this one. */
  before: PaymentView | undefined
  /** Called whenever there may be something new to show. */
  changed(): void
}

export class Payment extends Poller {
  readonly settings: Settings
  /** The latest journaled record; observers see only this one. */
  known: PaymentRecord
  /** Time since the task was accepted, or else since it was submitted. */
  readonly age: Stopwatch
  /** The view that all callers share who gave no signal of their own. */
  shared: PaymentView | undefined
  /** The journal has another payment under its key. */
  refused = false
  /** The views that were not stopped, the latest one. */
  #views: PaymentView | undefined
  #observers = 0
  #record: PaymentRecord
  readonly #writer: JournalWriter | undefined
  readonly #teacher: CompletionTeacher | undefined
  /** The journal may know more. */
  #recall: boolean
  /** The bytes of a submission, while they may be needed. */
  #body: string | undefined
  /** It is submitted, and looked up, whether it is observed or not. */
  #eager = false
  #submittedAt = 0
  /** A POST has left this process, which was not refused for certain. */
  #posted = false
  #floorAt = 0
  /** The age from which the deadline counts: since it was resumed after an end of our polling. */
  #from = 0

  /** `recall`: the journal may know more than `record`. */
  constructor(settings: Settings, record: PaymentRecord, recall: boolean) {
    super(settings.clock)
    this.settings = settings
    this.known = this.#record = record
    this.age = new Stopwatch(settings.clock, record.createdAt)
    this.#recall = recall && !!settings.journal
    this.#writer = settings.journal && new JournalWriter(settings, () => this.warn('journal-failed'))
    const { observe, prepare } = settings.schedule
    if (observe || prepare) this.#teacher = new CompletionTeacher(settings.schedule, () => this.warn('schedule-failed'))
    this.#waitForUnknown()
  }

  /** Whether certainly no POST of this payment has left, from any process. */
  get untouched(): boolean {
    return phaseOf(this.#record) === 'submit' && !this.#posted && !this.#record.inDoubt && !this.#recall
  }

  join(view: PaymentView): void {
    view.before = this.#views
    this.#views = view
  }

  /** The view was stopped. Without a view nothing more is sent; a response in flight is kept. */
  leave(view: PaymentView): void {
    if (this.shared === view) this.shared = undefined
    if (this.#views === view) this.#views = view.before
    for (let each = this.#views; each; each = each.before) if (each.before === view) each.before = view.before
    if (this.#views) return
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
    if (isAnswer(ending)) return
    if (requestId) {
      this.resume()
      return
    }
    // A submission of an earlier process is under way without its bytes.
    if (!ending && !recovered && this.#views) return
    const now = this.clock.now()
    const first = !this.#submittedAt && !this.#views
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
    if (!this.#record.ending && !this.#record.requestId && this.#views) return
    const merged = merge(this.#record, record)
    const { ending, requestId, recovered } = merged
    if (isAnswer(ending) || (!ending && (requestId || recovered))) {
      if (merged !== this.#record) void this.#advance(merged)
      return
    }
    this.#from = this.age.elapsedMs()
    if (requestId) this.#restart(reopened(merged))
    else if (record.recovered) this.#restart(recovering(merged))
  }

  /** Polls now, unless a request is under way, the gateway said to wait, or there is nothing to poll. */
  async poll(): Promise<void> {
    const phase = phaseOf(this.#record)
    const now = this.clock.now()
    if (phase === 'settled' || phase === 'submit' || now < this.#floorAt) return
    // A hint takes away none of the lookups that are planned.
    await this.take(() => (phase === 'lookup' && now < this.nextAt ? this.#look() : this.step()))
  }

  /** Looks the transaction up, whatever is known of the task. */
  async lookUp(): Promise<void> {
    let asked = false
    const look = (): Promise<void> => {
      asked = true
      return this.#look()
    }
    while (!asked) await this.take(look)
  }

  /** Settles it by a verified webhook; returns whether that changed anything. */
  deliver(transaction: Transaction): boolean {
    return this.#apply({ type: 'answered', body: { transaction }, via: 'webhook' })
  }

  emit(details: EventDetails): void {
    const { requestKey, trackingId, requestId } = this.#record
    emit(this.settings, { ...details, requestKey, trackingId, requestId })
  }

  warn(warning: Warning): void {
    this.emit({ type: 'warning', warning })
  }

  protected override wanted(): boolean {
    const phase = phaseOf(this.#record)
    return phase !== 'settled' && (this.#eager || (this.#observers > 0 && phase !== 'submit'))
  }

  /** One exchange, with all that has to be known before it. */
  protected override async step(): Promise<void> {
    const submitting = phaseOf(this.#record) === 'submit'
    if (this.#recall) await this.#remember()
    if (phaseOf(this.#record) === 'submit' && !(await this.#prepare())) return
    const phase = phaseOf(this.#record)
    // Another process had it taken: it is polled when it is observed.
    if (phase === 'settled' || (submitting && phase === 'poll' && !this.wanted())) return
    // Nothing outlasts the deadline, an order to wait neither.
    if (this.#remainingMs(this.#record) <= 0 && this.clock.now() < this.#floorAt) return void this.#apply(DEADLINE)
    this.#teacher?.prepare(this.#record)
    const askedAt = this.age.elapsedMs()
    const { completed } = this.#record
    const reading = await this.#ask(phase === 'poll' ? (completed ? 'result' : this.settings.strategy) : phase)
    if (reading.type === 'accepted') this.age.restart()
    else if (reading.type === 'processing') this.#teacher?.running(askedAt)
    else if (reading.type === 'error') this.#teacher?.erred(askedAt)
    else if (isDone(reading) || (reading.type === 'gone' && this.#record.lastWords)) this.#teach(askedAt)
    // The phase changed while the request was in flight: its response counts only if it brings the transaction.
    const counts = phaseOf(this.#record) === phase || reading.type === 'answered' || reading.type === 'listed'
    const record = counts ? reduce(this.#record, reading, this.clock.now()) : this.#record
    if (record !== this.#record) this.#goOn(record, reading.type === 'completed')
    await this.#writer?.settled()
  }

  /** Before a POST: the journal has the payment, and the gateway will still know the key. Returns whether to go on. */
  async #prepare(): Promise<boolean> {
    const { journalRequired, submitTimeoutMs } = this.settings
    if (this.#writer && !this.#writer.knows(this.#record)) {
      const { stored } = await this.#advance(this.#record)
      if (!stored && journalRequired && phaseOf(this.#record) === 'submit')
        this.#apply({ type: 'failed', failure: { code: 'config' } })
    }
    if (!this.wanted()) {
      // Stopped before anything was sent: there is nothing to recover.
      if (this.untouched) await this.#writer?.remove(this.#record.requestKey)
      return false
    }
    if (phaseOf(this.#record) !== 'submit') return true
    const { inDoubt, createdAt, tries } = this.#record
    const now = this.clock.now()
    // When it gets there, the gateway will have forgotten the key: under it, another POST would be another payment.
    const forgotten = inDoubt && now - createdAt >= RETENTION_MS - submitTimeoutMs
    if (forgotten) this.#apply({ type: 'failed', failure: { code: 'submit-lost', effect: 'unknown' } })
    else if (now - this.#submittedAt > SUBMIT_MS) this.#apply({ type: 'late' })
    else if (tries || this.#posted) this.#know({ ...this.#record, postedAt: now })
    if (phaseOf(this.#record) === 'submit') this.#posted = true
    return true
  }

  /** A lookup that was not planned: it changes nothing unless it finds the transaction. */
  async #look(): Promise<void> {
    const floorAt = this.#floorAt
    const reading = await this.#ask('lookup')
    this.#floorAt = Math.max(floorAt, this.#floorAt)
    const record = reading.type === 'listed' ? reduce(this.#record, reading, this.clock.now()) : this.#record
    if (record !== this.#record && (this.#record.ending || record.ending?.status === 'result')) this.#advance(record)
    await this.#writer?.settled()
  }

  /** Plans the next exchange of `record`, or ends it at its deadline. */
  #goOn(record: PaymentRecord, atOnce: boolean): void {
    const due = !atOnce && this.#remainingMs(record) <= 0
    if (due) this.#teach(Number.POSITIVE_INFINITY)
    let next = due ? reduce(record, DEADLINE, this.clock.now()) : record
    try {
      if (atOnce) this.plan(0)
      else if (!next.ending) next = this.#planned(next)
    } finally {
      // What the response brought is kept, whatever becomes of the plan.
      this.#advance(next)
    }
  }

  #planned(record: PaymentRecord): PaymentRecord {
    const { schedule, random } = this.settings
    const { tries, polls, type, paymentMethod, retryQuota, lookups } = record
    const invalid = (): void => this.warn('schedule-invalid')
    const floorMs = this.#floorAt - this.clock.now()
    const phase = phaseOf(record)
    const input = { schedule, random, elapsedMs: this.age.elapsedMs() }
    if (phase === 'submit') {
      const delayMs = Math.max(tries ? retryDelay(tries, random) : 0, floorMs)
      if (this.clock.now() + delayMs - this.#submittedAt > SUBMIT_MS)
        return this.#planned(reduce(record, { type: 'late' }, this.clock.now()))
      this.plan(delayMs)
      if (tries && this.#eager) this.emit({ type: 'retry', operation: 'submit', delayMs })
    } else if (phase === 'poll') {
      const delayMs = pollDelay({ ...input, type, paymentMethod, polls }, retryQuota, invalid)
      this.plan(Math.min(Math.max(delayMs, floorMs), this.#remainingMs(record)))
    } else if (phase === 'lookup') {
      const asked = lookups?.asked ?? 0
      const recovery = record.recovered ? { ...input, polls: asked - 1 } : undefined
      const delayMs = asked ? lookupDelay(random, recovery, invalid) : 0
      this.plan(Math.min(Math.max(delayMs, floorMs), this.#remainingMs(record)))
    }
    return record
  }

  /** Until the deadline. The lookups of a task that is gone have their own end. */
  #remainingMs(record: PaymentRecord): number {
    if (record.recovered) return RECOVERY_MS - this.age.elapsedMs()
    if (phaseOf(record) !== 'poll' && !isInterlude(record)) return Number.POSITIVE_INFINITY
    return this.#from + this.settings.deadlineMs - this.age.elapsedMs()
  }

  async #ask(operation: Operation): Promise<Reading> {
    const { settings } = this
    const tell = (details: EventDetails): void => this.emit(details)
    const { reading, floorAt } = await exchange(settings, this.#record, operation, this.#body, tell)
    this.#floorAt = floorAt
    return reading
  }

  /** What the journal knows is not asked for again. */
  async #remember(): Promise<void> {
    const loaded = await this.#writer?.load(this.#record.requestKey)
    this.#recall = false
    const submitting = phaseOf(this.#record) === 'submit'
    if (this.#record.ending) return
    if (!loaded && submitting)
      // It may have been sent under this key before.
      this.settings.journalRequired
        ? this.#apply({ type: 'failed', failure: { code: 'config' } })
        : this.#know({ ...this.#record, unread: true })
    const stored = loaded?.record
    if (!stored) return
    const difference = submitting && differenceOf(stored, this.#record)
    if (difference) return this.#refuse(difference)
    const record = merge(this.#record, stored)
    if (record === this.#record) return
    this.age.restart(record.createdAt)
    this.#advance(record)
    this.#waitForUnknown()
  }

  /** Ends it here alone: the journal's entry under its key is of another payment. */
  #refuse(failure: Failure): void {
    this.refused = true
    this.#know(fail(this.#record, failure))
    this.#publish(this.#record)
  }

  /** An outcome that was unknown a moment ago is so now. */
  #waitForUnknown(): void {
    const { unknownAt, ending } = this.#record
    if (unknownAt === undefined || ending) return
    const now = this.clock.now()
    this.#floorAt = Math.max(this.#floorAt, Math.min(unknownAt, now) + UNKNOWN_MS)
    this.plan(Math.max(0, this.#floorAt - now))
  }

  #restart(record: PaymentRecord): void {
    // A task that has ended stays so.
    if (this.#record.ending) this.shared = undefined
    this.#recall = !!this.settings.journal
    this.#writer?.forget()
    this.pause()
    this.plan(Math.max(0, this.#floorAt - this.clock.now()))
    this.#know(record)
    this.known = this.#record
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

  /** The journal has it first, then the observers. */
  async #advance(record: PaymentRecord): Promise<{ readonly stored: boolean }> {
    this.#know(record)
    const writer = this.#writer
    if (!writer || writer.knows(record)) {
      this.#publish(record)
      return { stored: true }
    }
    const saved = await writer.save(record)
    const known = this.#record === record ? saved.record : record
    if (known !== record) this.#know(known)
    this.#publish(known)
    return saved
  }

  /** What is needed no more is let go. */
  #know(record: PaymentRecord): void {
    this.#record = record
    if (record.requestId || record.ending) this.#eager = false
    if (!this.#eager || record.failure) this.#body = undefined
    if (record.ending) this.pause()
  }

  #publish(record: PaymentRecord): void {
    const { ending } = record
    const settled = ending && ending !== this.known.ending
    this.known = record
    if (settled) {
      const { status } = ending
      this.emit({
        type: 'settled',
        status,
        ...(status === 'error' && { code: ending.code }),
        ...(status === 'result' && { via: ending.via }),
      })
    }
    for (let view = this.#views; view; view = view.before) view.changed()
  }
}

const DEADLINE: PaymentEvent = { type: 'failed', failure: { code: 'deadline' } }

/** Whether the gateway said that it works no longer on the task. */
const isDone = (event: PaymentEvent): boolean =>
  event.type === 'completed' || event.type === 'confirmed' || (event.type === 'answered' && event.via === 'task')
