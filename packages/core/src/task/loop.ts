/**
 * The effects of a task: asks the machine what comes next, does it, and feeds it the answer. One exchange at a time, and
 * none is ever cut short because somebody left: what it learns is kept. All observers of a task share one loop.
 */
import { type Journal, journalKey } from '../journal/journal.ts'
import { Pacer } from '../observable/pacer.ts'
import { emit } from './emit.ts'
import type { EventDetails, Operation, Warning } from './event.ts'
import { exchange } from './exchange.ts'
import { phaseOf, reduce, type TaskEvent } from './machine.ts'
import { nextDelay } from './next-delay.ts'
import { RETENTION_MS, type Reading } from './read-reply.ts'
import type { TaskRecord } from './record.ts'
import { load, recalled, save, withJournal } from './remember.ts'
import type { Settings } from './settings.ts'

/** A submission nobody heard of is looked up until this long after it was made, in milliseconds. */
const RECOVERY_MS = 10 * 60_000

/** What the journal must learn of. */
const KEPT = ['requestId', 'lost', 'lastWords', 'completed', 'gone', 'ending'] as const

export class Loop extends Pacer {
  readonly settings: Settings
  /** What is known and kept, and may be told. */
  known: TaskRecord
  /** Called whenever there may be something to tell. */
  changed: ((loop: Loop) => void) | undefined
  /** Who shows it, until that is stopped. */
  task: object | undefined
  /** A POST has left this process. */
  sent = false
  /** Another loop submits the payment again: unless this one was taken, the journal hears of it from that one alone. */
  replaced = false
  /** When the gateway took the task, in epoch milliseconds; never later than now, whatever the clock was then. */
  since: number
  #record: TaskRecord
  #saved: TaskRecord | undefined
  #saving: Promise<unknown> | undefined
  #journalFailed = false
  #recall: boolean
  #body: string | undefined
  #eager: boolean
  #floorAt = 0
  /** When it was last seen to be processed, in milliseconds since then. */
  #runningMs = 0
  #seenAt: number

  /**
   * With a `body` it is a submission: eager, whoever observes. `recall`: the journal may know more than `record`. What an
   * `earlier` loop of the payment has in flight is heard to its end: at most one request of a payment is.
   */
  constructor(settings: Settings, record: TaskRecord, recall: boolean, body?: string, earlier?: Loop) {
    super(settings.clock, earlier)
    this.settings = settings
    this.known = this.#record = record
    this.#seenAt = this.nextAt
    this.since = Math.min(record.createdAt, this.#seenAt)
    this.#recall = recall
    this.#body = body
    this.#eager = body !== undefined
  }

  /** Sends nothing more until it is observed again. What is under way is heard to its end. */
  halt(): void {
    if (this.#runningMs) this.#learn(Number.POSITIVE_INFINITY)
    this.#eager = false
    this.#body = undefined
    this.observe(false)
  }

  /** Asks now, unless a question is under way, the gateway said to wait, or there is nothing to ask. */
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

  /** Has the bytes of a submission again that only the journal knew of: sends them, unless it is too late. */
  submitAgain(body: string): void {
    const { recovered, failure, ...record } = this.#record
    if (!recovered || record.ending) return
    this.#body = body
    this.#eager = true
    this.pause()
    this.plan(this.#floorAt - this.clock.now())
    this.#advance({ ...record, tries: 0 })
    this.go()
  }

  /** Feeds the machine from outside; returns whether that changed anything. */
  apply(event: TaskEvent): boolean {
    const record = reduce(this.#record, event)
    if (record === this.#record) return false
    if (event.type === 'answered' && event.via === 'webhook') this.#learn(this.clock.now())
    this.#advance(record)
    return true
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
    return phase !== 'settled' && (this.#eager || (this.observed && phase !== 'submit'))
  }

  /** One exchange, with what has to be known before it. */
  protected override async step(): Promise<void> {
    const { journal, journalRequired, strategy, submitTimeoutMs } = this.settings
    if (journal && this.#recall) await this.#remember()
    if (!this.sent && phaseOf(this.#record) === 'submit') {
      this.#advance(this.#record)
      await this.#saving
      const unsent = phaseOf(this.#record) === 'submit'
      if (unsent && this.#journalFailed && journalRequired) this.apply({ type: 'failed', failure: { code: 'config' } })
      const { requestKey, maybeTaken } = this.#record
      // Stopped before anything was sent: there is nothing to recover.
      const forget = (used: Journal) => used.removeItem(journalKey(requestKey))
      if (!this.wanted()) return void (!unsent || maybeTaken || this.replaced || this.#useJournal(forget))
    }
    const { maybeTaken, createdAt } = this.#record
    // When it gets there, the gateway will have forgotten the key: under it, another POST would be another payment.
    const forgotten = maybeTaken && this.clock.now() - createdAt >= RETENTION_MS - submitTimeoutMs
    if (forgotten && phaseOf(this.#record) === 'submit')
      this.apply({ type: 'failed', failure: { code: 'submit-lost' } })
    const phase = phaseOf(this.#record)
    if (phase === 'settled') return
    if (phase === 'submit') this.sent = true
    this.#tellSchedule('prepare')
    const askedAt = this.clock.now()
    const reading = await this.#ask(phase === 'ask' ? (this.#record.completed ? 'result' : strategy) : phase)
    const now = this.clock.now()
    if (reading.type === 'accepted') this.since = now
    else if (reading.type === 'processing') this.#runningMs = Math.max(0, askedAt - this.since)
    else if (isDone(reading)) this.#learn(askedAt)
    // An answer to what is not asked any more is none to what is.
    const asked = phaseOf(this.#record) === phase || reading.type === 'answered'
    const record = asked ? reduce(this.#record, reading) : this.#record
    if (record !== this.#record) this.#goOn(record, now, reading.type === 'completed')
    await this.#saving
  }

  /** A lookup that nobody planned: it counts for nothing, unless it finds something. */
  async #look(): Promise<void> {
    const floorAt = this.#floorAt
    const reading = await this.#ask('lookup')
    this.#floorAt = Math.max(floorAt, this.#floorAt)
    if (reading.type === 'answered') this.apply(reading)
    await this.#saving
  }

  /** When to go on from `record`, and whether at all. */
  #goOn(record: TaskRecord, now: number, atOnce: boolean): void {
    const { schedule, random, deadlineMs } = this.settings
    // A clock that was set back takes nothing from what has passed.
    this.since -= Math.max(0, this.#seenAt - now)
    this.#seenAt = now
    const limitMs = record.recovered ? RECOVERY_MS : phaseOf(record) === 'ask' ? deadlineMs : Number.POSITIVE_INFINITY
    const remainingMs = this.since + limitMs - now
    const due = remainingMs <= 0 && !atOnce
    if (due && this.#runningMs) this.#learn(Number.POSITIVE_INFINITY)
    const next = due ? reduce(record, { type: 'failed', failure: { code: 'deadline' } }) : record
    try {
      if (atOnce) this.plan(0)
      else if (!next.ending) {
        const elapsedMs = Math.max(0, now - this.since)
        const times = { schedule, random, elapsedMs, remainingMs }
        const delayMs = nextDelay(next, times, () => this.warn('schedule-invalid'))
        this.plan(Math.max(delayMs, this.#floorAt - now))
      }
      if (this.#eager && phaseOf(next) === 'submit')
        this.emit({ type: 'retry', operation: 'submit', delayMs: this.waitMs })
    } finally {
      // What was heard is kept, whatever becomes of the plan.
      this.#advance(next)
    }
  }

  async #ask(operation: Operation): Promise<Reading> {
    const tell = (details: EventDetails): void => this.emit(details)
    const { reading, floorAt } = await exchange(this.settings, this.#record, operation, this.#body, tell)
    this.#floorAt = floorAt
    return reading
  }

  /** What the journal knows is not asked for again. */
  async #remember(): Promise<void> {
    const stored = await this.#useJournal((journal) => load(journal, journalKey(this.#record.requestKey)))
    this.#recall = false
    if (!stored || this.#record.ending) return
    const record = recalled(this.#record, stored)
    if (record === this.#record) return
    this.since = Math.min(record.createdAt, this.#seenAt)
    this.#saved = record
    this.#advance(record)
  }

  /** The schedule learns when the task was done, as far as it is known: by a question asked, or news come, `at` that time. */
  #learn(at: number): void {
    if (phaseOf(this.#record) !== 'ask' || this.#record.completed) return
    const afterMs = this.#runningMs
    this.#tellSchedule('observe', { afterMs, byMs: Math.max(afterMs, at - this.since) })
  }

  /** A schedule that fails to learn stops nothing. */
  #tellSchedule(method: 'prepare' | 'observe', times = { afterMs: 0, byMs: 0 }): void {
    const { schedule } = this.settings
    if (!schedule[method]) return
    const { type, paymentMethod } = this.#record
    new Promise((resolve) => resolve(schedule[method]?.({ type, paymentMethod, ...times }))).catch(() =>
      this.warn('schedule-failed'),
    )
  }

  #useJournal<T>(use: (journal: Journal) => T | PromiseLike<T>): Promise<T | undefined> {
    return withJournal(
      this.settings,
      () => {
        this.#journalFailed = true
        this.warn('journal-failed')
      },
      use,
    )
  }

  /** The journal learns of it first, then the observers. */
  #advance(record: TaskRecord): void {
    const { settings } = this
    const saved = this.#saved
    this.#know(record)
    const kept = saved && KEPT.every((field) => saved[field] === record[field])
    if (!settings.journal || kept || (this.replaced && !record.requestId)) {
      this.#tell(record)
      return
    }
    this.#saved = record
    // One write after the other: an older record must not overwrite a newer one.
    this.#saving = (this.#saving ?? Promise.resolve())
      .then(() => this.#useJournal((journal) => save(journal, record, this.clock.now())))
      .then((heard) => {
        const known = heard && this.#record === record ? heard : record
        if (known !== record) this.#know(known)
        this.#tell(known)
      })
  }

  /** What is needed no more is let go. */
  #know(record: TaskRecord): void {
    this.#record = record
    if (phaseOf(record) !== 'submit') this.#body = undefined
    if (record.requestId || record.ending) this.#eager = false
    if (record.ending) this.pause()
  }

  #tell(record: TaskRecord): void {
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
    this.changed?.(this)
  }
}

/** Whether the gateway said that it works no longer on the task. */
const isDone = (event: TaskEvent): boolean =>
  event.type === 'completed' ||
  (event.type === 'answered' && event.via === 'task') ||
  (event.type === 'failed' && event.failure.code === 'gateway-error')
