/** A schedule that learns how long tasks take, and asks when they are likely to be done. */
import {
  type CompletionHistogram,
  emptyHistogram,
  parseHistogram,
  serialiseHistogram,
  sharesOf,
  withCompletion,
} from './completion-histogram.ts'
import { type CompletionPlan, completionPlan, FIRST_GAPS } from './completion-plan.ts'
import { type Completion, type Schedule, type ScheduledTask, SHORTEST_MS } from './schedule.ts'
import { sqrtSchedule } from './sqrt-schedule.ts'

/** Where it keeps what it learned: counts, and nothing of a payment. A journal, `unstorage`, web storage; asynchronous or not. */
export interface ScheduleStore {
  getItem(key: string): unknown
  setItem(key: string, value: string): unknown
}

export interface AdaptiveScheduleOptions {
  /**
   * What several processes share, each from what it loaded first: the last one to write wins, and counts of the others may
   * be lost, which costs precision and nothing else. @default none: it learns as long as it lives
   */
  store?: ScheduleStore
  /** When to ask while too little is known, and how often: what it learns makes no more questions than that. @default sqrtSchedule() */
  fallback?: Schedule
  /** Questions per task, on average. @default as many as `fallback` would ask */
  polls?: number
}

/** Tasks it has to know of before it is better than the default. */
const ENOUGH = 30
/** Plan and store are renewed when there is so much more to know, as a share. */
const NEWS = 0.02
/** How far a gap is changed by chance, as a share of it. */
const SPREAD = 0.1
const LONGEST_MS = 5 * 60_000

/** What is known of one kind of task. */
interface Kind {
  histogram: CompletionHistogram
  plan?: CompletionPlan & { readonly polls: number }
  unplanned: number
  unsaved: number
}

/**
 * Learns how long tasks of a type take, and of a type and payment method where `submit` is given one, from the payments
 * that it schedules. It asks no more often than the default would, and hears sooner; it unlearns when that changes, and is
 * the default while it knows too little. States get `progress` and `expectedMs`. A store that fails, or holds something
 * else, gives the warning `schedule-failed` and hinders no payment.
 *
 * Make one per process or page, and give it to all clients of one gateway.
 *
 * @example
 * ```ts
 * const schedule = adaptiveSchedule({ store: webStorageJournal(localStorage) })
 * const client = createClient({ baseUrl: '/pay', auth: bearerAuth(token), schedule })
 * ```
 */
export function adaptiveSchedule(options: AdaptiveScheduleOptions = {}): Schedule {
  const { store, fallback = sqrtSchedule(), polls } = options
  const kinds = new Map<string, Kind>()

  /** Reads a kind, unless it is known. Every caller for itself: what one request awaits, another may not, on workerd. */
  const load = async (key: string): Promise<void> => {
    if (kinds.has(key)) return
    // If this fails it is tried again, so that what is stored is not written over.
    const stored = await store?.getItem(key)
    if (kinds.has(key)) return
    const kind: Kind = { histogram: emptyHistogram(), unplanned: 0, unsaved: 0 }
    kinds.set(key, kind)
    if (stored !== undefined && stored !== null) kind.histogram = parseHistogram(stored)
  }

  const learn = async (key: string, { afterMs, byMs }: Completion): Promise<void> => {
    const failure = await load(key).then(
      () => undefined,
      (error: unknown) => ({ error }),
    )
    const kind = kinds.get(key)
    if (kind) {
      kind.histogram = withCompletion(kind.histogram, afterMs, byMs)
      kind.unplanned += 1
      kind.unsaved += 1
      if (isNews(kind.unsaved, kind)) {
        kind.unsaved = 0
        await store?.setItem(key, serialiseHistogram(kind.histogram))
      }
    }
    if (failure) throw failure.error
  }

  /** The plan for the narrowest kind of the task of which enough is known. */
  const planFor = (task: ScheduledTask): Kind['plan'] => {
    const kind = keysOf(task)
      .map((key) => kinds.get(key))
      .find((each) => each && each.histogram.total >= ENOUGH)
    if (!kind) return undefined
    if (!kind.plan || isNews(kind.unplanned, kind)) {
      const plan = completionPlan(sharesOf(kind.histogram))
      kind.plan = { ...plan, polls: polls ?? pollsOf(fallback, plan) }
      kind.unplanned = 0
    }
    return kind.plan
  }

  const schedule: Schedule = (input) => {
    const plan = planFor(input)
    if (!plan) return fallback(input)
    const gap = 1 - SPREAD + 2 * SPREAD * input.random()
    // First, what is left of a gap at a random point in it: clients that started together ask as evenly as any others.
    const gaps = input.polls ? gap : FIRST_GAPS + gap * input.random()
    return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, plan.delay(input.elapsedMs, plan.polls, gaps)))
  }
  return Object.assign(schedule, {
    prepare: (task: ScheduledTask) => Promise.all(keysOf(task).map(load)),
    observe: (completion: Completion) => Promise.all(keysOf(completion).map((key) => learn(key, completion))),
    estimate: (task: ScheduledTask & { elapsedMs: number }) => planFor(task)?.estimate(task.elapsedMs),
  })
}

/** The narrowest first. A task of no type is of no kind. */
function keysOf({ type, paymentMethod }: ScheduledTask): string[] {
  if (!type) return []
  const key = `async-transaction-schedule:${encodeURIComponent(type)}`
  return paymentMethod ? [`${key}:${encodeURIComponent(paymentMethod)}`, key] : [key]
}

const isNews = (count: number, { histogram }: Kind): boolean => count > 0 && count >= NEWS * histogram.total

/** How many questions `schedule` asks per task, on average, of tasks that `plan` knows. */
function pollsOf(schedule: Schedule, { left }: CompletionPlan): number {
  let asked = 0
  let elapsedMs = 0
  for (let polls = 0; polls < 1000 && left(elapsedMs) > 1e-3; polls++) {
    asked += left(elapsedMs)
    const delayMs = schedule({ polls, elapsedMs, random: () => 0.5 })
    elapsedMs += Math.max(delayMs, SHORTEST_MS)
  }
  return asked
}
