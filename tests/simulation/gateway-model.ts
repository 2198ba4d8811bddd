/**
 * The gateway, written from the protocol alone: it shares nothing with the sandbox, nor with the schemas of core. Times are
 * true milliseconds of the world; what it dates, it dates by its own clock.
 */
import type { Truth } from './truth.ts'
import type { World } from './world.ts'

export interface Answer {
  readonly status: number
  readonly body: string
  readonly headers?: Record<string, string>
  /** What this answer would settle, if it is heard. */
  readonly final?: 'transaction' | 'error'
}

export interface GatewayTask {
  readonly id: string
  readonly key: string
  readonly trackingId: string
  readonly amount: number
  readonly takenAt: number
  readonly uid: string
  /** A once-only answer has been given. */
  consumed: boolean
  /** The exchanges that submitted it, the repeated ones too. */
  readonly takenBy: Set<number>
}

export interface GatewayModel {
  submit(key: string, body: string, exchange: number): Answer
  read(which: 'status' | 'result', id: string): Answer
  lookUp(trackingId: string): Answer
  /** By its uid. */
  show(uid: string): Answer
  /** Whether money moved, or may yet. */
  readonly moved: boolean
  /** The transaction of a task as it is now, once it is there; what a webhook would bring. */
  transactionOf(task: GatewayTask): Listed | undefined
  /** Every status that the transaction of a payment has, or had, or is listed with. */
  readonly statuses: readonly string[]
  /** How long it takes until the status changes that the transaction had when it was done. */
  readonly changesInMs: number | undefined
  readonly tasks: readonly GatewayTask[]
  /** An older attempt at the same order is there as well. */
  addOlder(status: string, ageMs: number): void
}

export interface Listed {
  readonly uid: string
  readonly status?: string
  readonly message?: string | null
  readonly redirect_url?: string
  readonly manually_corrected_at?: string
}

const DAY_MS = 86_400_000
/** A transaction that is not listed for longer than this is listed late: no lookup can be blamed. */
const PROMPT_MS = 9000

export function createGatewayModel(world: World, truth: Truth, epochMs: number, baseUrl: string): GatewayModel {
  const tasks: GatewayTask[] = []
  const byKey = new Map<string, { answeredAt: number; task: GatewayTask }>()
  const older: object[] = []
  const { kind, latencyMs, forgottenAfterMs, middle, listLagMs = 0, becomes, corrected, laterTry } = truth
  const change = corrected ?? becomes
  let firstPostAt = 0
  let postedAt = 0
  let wasAlone = false

  const json = (status: number, body: unknown, final?: Answer['final']): Answer => ({
    status,
    body: JSON.stringify(body),
    ...(final && { final }),
  })
  const iso = (time: number): string => new Date(epochMs + time).toISOString()
  const isDone = (task: GatewayTask, at = world.now): boolean => at >= task.takenAt + latencyMs
  const isForgotten = (task: GatewayTask): boolean =>
    forgottenAfterMs !== undefined && world.now >= task.takenAt + forgottenAfterMs
  const moved = kind !== 'error' || truth.charged
  const finalStatus = kind === 'error' ? 'successful' : kind

  const dataOf = (task: GatewayTask): object => ({
    type: 'payment',
    amount: task.amount,
    currency: 'KZT',
    tracking_id: task.trackingId,
    created_at: iso(task.takenAt),
    credit_card: { last_4: '1112', token: 'tok_canary_7f3a' },
  })
  const transactionOf = (task: GatewayTask, at = world.now): Listed | undefined => {
    if (!isDone(task, at) || !moved) return undefined
    const doneAt = task.takenAt + latencyMs
    const correctedAt = corrected && doneAt + corrected.afterMs
    const isCorrected = correctedAt !== undefined && at >= correctedAt
    const hasBecome = becomes && at >= doneAt + becomes.afterMs
    const status = isCorrected && corrected ? corrected.status : hasBecome ? becomes.status : finalStatus
    return {
      ...dataOf(task),
      uid: task.uid,
      status,
      message: status === 'incomplete' ? null : 'Processed',
      ...(status === 'incomplete' && { redirect_url: `${baseUrl}/3ds/${task.uid}` }),
      ...(isCorrected && { manually_corrected_at: iso(correctedAt) }),
    }
  }
  /** As lookups show it: as it was a while ago, and while the gateway works on it. */
  const listed = (task: GatewayTask): Listed | undefined => {
    const at = world.now - listLagMs
    if (at < task.takenAt) return undefined
    const done = transactionOf(task, at)
    if (done || isDone(task, at) || !middle || !moved) return done
    return { ...dataOf(task), uid: task.uid, ...(middle === 'incomplete' && { status: 'incomplete', message: null }) }
  }

  /** An attempt at the same order that is not ours. */
  const attempt = (uid: string, status: string, madeAt: number): object => ({
    uid,
    status,
    type: 'payment',
    amount: 3245,
    currency: 'KZT',
    tracking_id: 'order-1',
    created_at: iso(madeAt),
    ...(status === 'incomplete' && { redirect_url: `${baseUrl}/3ds/${uid}` }),
  })

  const read = (which: 'status' | 'result', id: string): Answer => {
    const task = tasks.find((each) => each.id === id)
    const expired = !!task && world.now >= task.takenAt + DAY_MS
    if (expired) world.strike('expired')
    if (!task || expired || isForgotten(task) || task.consumed) return json(404, { status: 'unknown', request_id: id })
    const done = isDone(task)
    if (done && kind === 'error') {
      const message = "We're sorry, but something went wrong"
      // An answer of 200 is kept for a day, any other is given once.
      task.consumed = truth.errorStatus !== 200
      const fields = { response: { message: 'Number is invalid', errors: { credit_card: { number: ['is invalid'] } } } }
      return json(truth.errorStatus, truth.errorShape ? fields : { message }, 'error')
    }
    const readable = done && world.now >= task.takenAt + latencyMs + truth.resultLagMs
    if (which === 'result' && readable) return json(200, { transaction: transactionOf(task) }, 'transaction')
    if (which === 'result') return json(truth.processingStatus, { status: 'processing', request_id: id })
    return json(
      200,
      done
        ? { status: 'completed', request_id: id, response_url: `${baseUrl}/async/result/${id}` }
        : { status: 'processing', request_id: id },
    )
  }

  return {
    submit(key, body, exchange) {
      firstPostAt ||= world.now
      postedAt = world.now
      const known = byKey.get(key)
      const kept = known && world.now < known.answeredAt + DAY_MS ? known.task : undefined
      if (kind === 'refused')
        return json(422, { response: { message: 'Currency is not allowed', errors: { currency: ['is not allowed'] } } })
      const { request } = JSON.parse(body) as { request: { amount: number; tracking_id: string } }
      const number = tasks.length + 1
      const task: GatewayTask = kept ?? {
        id: `task-${number}`,
        key,
        trackingId: request.tracking_id,
        amount: request.amount,
        takenAt: world.now,
        uid: `uid-${number}`,
        consumed: false,
        takenBy: new Set(),
      }
      task.takenBy.add(exchange)
      if (!kept) {
        tasks.push(task)
        byKey.set(key, { answeredAt: world.now, task })
        world.trace(() => `gateway  takes ${task.id} under ${key}`)
      }
      return json(200, {
        status: kept && isDone(task) ? 'completed' : 'processing',
        request_id: task.id,
        status_url: `${baseUrl}/async/status/${task.id}`,
        response_url: `${baseUrl}/async/result/${task.id}`,
      })
    },
    read,
    lookUp(trackingId) {
      const ours = tasks.filter((task) => task.trackingId === trackingId).flatMap((task) => listed(task) ?? [])
      const [first] = tasks
      const rivals = truth.rival && ours.length ? [attempt('uid-rival', truth.rival, (first?.takenAt ?? 0) + 1000)] : []
      const laterAt = laterTry && (first?.takenAt ?? 0) + laterTry.afterMs
      const later =
        laterAt !== undefined && world.now >= laterAt ? [attempt('uid-later', laterTry?.status ?? '', laterAt)] : []
      const hidden = first && moved && !ours.length
      if (hidden && world.now - first.takenAt >= PROMPT_MS) world.strike('listed-late')
      // Listed alone twice, the second time well after the last POST, it is the only one that may be ours.
      if (later.length && !ours.length) {
        // A process that recovered the payment knows of no POST but the first.
        const since = world.strikes.has('second-process') || world.strikes.has('restart') ? firstPostAt : postedAt
        if (wasAlone && world.now - since >= PROMPT_MS) world.strike('later-try-alone')
        wasAlone = true
      }
      if (later.length && laterTry?.status === 'successful') world.strike('later-try-paid')
      return json(200, { transactions: [...later, ...rivals, ...ours.reverse(), ...older] })
    },
    show(uid) {
      const task = tasks.find((each) => each.uid === uid)
      const transaction = task && transactionOf(task)
      return transaction ? json(200, { transaction }) : json(404, { response: { message: 'Record not found' } })
    },
    moved,
    transactionOf,
    get statuses() {
      const [task] = tasks
      const done = task && isDone(task) ? world.now - task.takenAt - latencyMs : -1
      return [
        ...(middle === 'incomplete' ? ['incomplete'] : []),
        ...(done >= 0 ? [finalStatus] : []),
        ...(becomes && done >= becomes.afterMs ? [becomes.status] : []),
        ...(corrected && done >= corrected.afterMs ? [corrected.status] : []),
      ]
    },
    changesInMs: change && latencyMs + change.afterMs,
    tasks,
    addOlder: (status, ageMs) => {
      older.push(attempt('uid-older', status, -ageMs))
    },
  }
}
