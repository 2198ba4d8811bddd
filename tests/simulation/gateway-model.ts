/**
 * The gateway, written from the protocol alone: it shares nothing with the sandbox, nor with the schemas of core. Times are
 * true milliseconds of the world; what it dates, it dates by its own clock.
 */
import type { World } from './world.ts'

/** What the gateway will make of a payment, decided before it begins. */
export interface Truth {
  readonly kind: 'successful' | 'failed' | 'incomplete' | 'error'
  /** How long it works on it. */
  readonly latencyMs: number
  /** Of an `error`: whether the card was charged all the same. */
  readonly charged: boolean
  /** Of an `error`: its HTTP status. With 429 it says to try again, and still says it once. */
  readonly errorStatus: number
  /** Another attempt at the same order, made by somebody else a moment later. */
  readonly rival?: string
  /** When the gateway loses the task, after it was taken. */
  readonly forgottenAfterMs?: number
  /** The result says `processing` for this long after `completed` was said. */
  readonly resultLagMs: number
  readonly processingStatus: 200 | 202 | 425
}

export interface Answer {
  readonly status: number
  readonly body: string
  readonly headers?: Record<string, string>
  /** What this answer would settle, if it is heard. */
  readonly final?: 'transaction' | 'error' | 'last-words'
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
}

export interface GatewayModel {
  submit(key: string, body: string): Answer
  read(which: 'status' | 'result', id: string): Answer
  lookUp(trackingId: string): Answer
  /** How often the card was put through for an order. */
  charges(): number
  /** The transaction of a task, once it is there; what a webhook would bring. */
  transactionOf(task: GatewayTask): object | undefined
  readonly tasks: readonly GatewayTask[]
  /** An older attempt at the same order is there as well. */
  addOlder(status: string, ageMs: number): void
}

const DAY_MS = 86_400_000

export function createGatewayModel(world: World, truth: Truth, epochMs: number, baseUrl: string): GatewayModel {
  const tasks: GatewayTask[] = []
  const byKey = new Map<string, { answeredAt: number; task: GatewayTask }>()
  const older: object[] = []

  const json = (status: number, body: unknown, final?: Answer['final']): Answer => ({
    status,
    body: JSON.stringify(body),
    ...(final && { final }),
  })
  const iso = (time: number): string => new Date(epochMs + time).toISOString()
  const isDone = (task: GatewayTask): boolean => world.now >= task.takenAt + truth.latencyMs
  const isForgotten = (task: GatewayTask): boolean =>
    truth.forgottenAfterMs !== undefined && world.now >= task.takenAt + truth.forgottenAfterMs
  const moved = truth.kind !== 'error' || truth.charged

  const transactionOf = (task: GatewayTask): object | undefined =>
    isDone(task) && moved
      ? {
          uid: task.uid,
          status: truth.kind === 'error' ? 'successful' : truth.kind,
          type: 'payment',
          amount: task.amount,
          currency: 'KZT',
          tracking_id: task.trackingId,
          created_at: iso(task.takenAt),
          credit_card: { last_4: '1112', token: 'tok_canary_7f3a' },
          message: truth.kind === 'incomplete' ? null : 'Processed',
        }
      : undefined

  /** An attempt at the same order that is not ours. */
  const attempt = (uid: string, status: string, madeAt: number): object => ({
    uid,
    status,
    type: 'payment',
    amount: 3245,
    currency: 'KZT',
    tracking_id: 'order-1',
    created_at: iso(madeAt),
  })

  const read = (which: 'status' | 'result', id: string): Answer => {
    const task = tasks.find((each) => each.id === id)
    const gone = !task || isForgotten(task) || task.consumed || world.now >= task.takenAt + DAY_MS
    if (gone) return json(404, { status: 'unknown', request_id: id })
    const done = isDone(task)
    if (done && truth.kind === 'error') {
      task.consumed = true
      const final = truth.errorStatus === 429 ? 'last-words' : 'error'
      return json(truth.errorStatus, { message: "We're sorry, but something went wrong" }, final)
    }
    const readable = done && world.now >= task.takenAt + truth.latencyMs + truth.resultLagMs
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
    submit(key, body) {
      const known = byKey.get(key)
      const kept = known && world.now < known.answeredAt + DAY_MS ? known.task : undefined
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
      }
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
      const ours = tasks.filter((task) => task.trackingId === trackingId).flatMap((task) => transactionOf(task) ?? [])
      const rivals =
        truth.rival && ours.length ? [attempt('uid-rival', truth.rival, (tasks[0]?.takenAt ?? 0) + 1000)] : []
      return json(200, { transactions: [...rivals, ...ours.reverse(), ...older] })
    },
    charges: () => (moved ? tasks.length : 0),
    transactionOf,
    tasks,
    addOlder: (status, ageMs) => {
      older.push(attempt('uid-older', status, -ageMs))
    },
  }
}
