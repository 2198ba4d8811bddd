/** The gateway of the proxy's scenarios: every `RequestID` is a task of its own, and its card tells what becomes of it. */
import type { CardTruth } from './plan.ts'
import type { ProxyWorld } from './world.ts'

export interface GatewayTask {
  readonly id: string
  readonly uid: string
  readonly card: number
  readonly amount: number
  readonly takenAt: number
  readonly truth: CardTruth
  /** Its error was said. */
  said: boolean
}

export interface GatewayAnswer {
  readonly status: number
  readonly body: object
}

export interface Gateway {
  readonly tasks: readonly GatewayTask[]
  submit(requestId: string, body: string): GatewayAnswer
  read(which: 'status' | 'result', id: string): GatewayAnswer
  lookUp(trackingId: string): GatewayAnswer
  show(uid: string): GatewayAnswer
  /** Its transaction as it is now, once there is one. */
  transactionOf(task: GatewayTask): Listed | undefined
  /** Whether its card is charged, or will be. */
  isCharged(task: GatewayTask): boolean
}

export interface Listed {
  readonly uid: string
  readonly status: string
  readonly [field: string]: unknown
}

export const ORDER = 'order-17'
/** A card of the plan by its number, and back. */
export const cardNumber = (card: number): string => `401200103714111${card}`
export const CVC = '907'
export const CARD_TOKEN = 'tok_canary_7f3a'

export function createGateway(world: ProxyWorld, cards: readonly CardTruth[]): Gateway {
  const tasks: GatewayTask[] = []
  const byRequestId = new Map<string, GatewayTask>()
  const isDone = (task: GatewayTask): boolean => world.now() >= task.takenAt + task.truth.latencyMs

  const isCharged = ({ truth }: GatewayTask): boolean =>
    truth.kind === 'successful' ||
    (truth.kind === 'error' && truth.charged) ||
    (truth.kind === 'incomplete' && truth.becomes?.status === 'successful')

  const transactionOf = (task: GatewayTask): Listed | undefined => {
    const { truth, takenAt } = task
    if (!isDone(task) || (truth.kind === 'error' && !truth.charged)) return undefined
    const became = truth.becomes && world.now() >= takenAt + truth.latencyMs + truth.becomes.afterMs
    const status = became ? truth.becomes?.status : truth.kind === 'error' ? 'successful' : truth.kind
    return {
      uid: task.uid,
      status: status as string,
      type: 'payment',
      amount: task.amount,
      currency: 'KZT',
      tracking_id: ORDER,
      test: false,
      created_at: new Date(takenAt).toISOString(),
      credit_card: { brand: 'visa', last_4: cardNumber(task.card).slice(-4), token: CARD_TOKEN },
      ...(status === 'incomplete' && { redirect_url: `https://gateway.test/3ds/${task.uid}` }),
    }
  }
  const unknown = (id: string): GatewayAnswer => ({ status: 404, body: { status: 'unknown', request_id: id } })

  return {
    tasks,
    isCharged,
    transactionOf,
    submit(requestId, body) {
      const { request } = JSON.parse(body) as { request: { amount: number; credit_card: { number: string } } }
      const card = Number(request.credit_card.number.slice(-1))
      const truth = cards[card] as CardTruth
      if (truth.kind === 'refused')
        return {
          status: 422,
          body: { response: { message: 'Card is not supported', errors: { credit_card: ['no'] } } },
        }
      let task = byRequestId.get(requestId)
      if (!task) {
        const number = tasks.length + 1
        task = {
          id: `00000000-0000-4000-8000-00000000000${number}`,
          uid: `uid-${number}`,
          card,
          amount: request.amount,
          takenAt: world.now(),
          truth,
          said: false,
        }
        tasks.push(task)
        byRequestId.set(requestId, task)
        world.trace(() => `gateway  takes ${task?.uid} of card ${card}`)
        world.check(
          'one paid charge per order',
          tasks.filter(isCharged).length <= 1,
          () => `${tasks.filter(isCharged).length} charges`,
        )
      }
      const path = (which: string): string => `https://gateway.test/async/${which}/${task?.id}`
      const body_ = {
        status: 'processing',
        request_id: task.id,
        status_url: path('status'),
        response_url: path('result'),
      }
      return { status: 200, body: body_ }
    },
    read(which, id) {
      const task = tasks.find((each) => each.id === id)
      if (!task || task.said) return unknown(id)
      if (!isDone(task)) return { status: 200, body: { status: 'processing', request_id: id } }
      if (task.truth.kind === 'error') {
        task.said = true
        return { status: 500, body: { message: `Something went wrong with ${cardNumber(task.card)}` } }
      }
      return which === 'result'
        ? { status: 200, body: { transaction: transactionOf(task) } }
        : {
            status: 200,
            body: { status: 'completed', request_id: id, response_url: `https://gateway.test/async/result/${id}` },
          }
    },
    lookUp: (trackingId) => ({
      status: 200,
      body: { transactions: trackingId === ORDER ? tasks.flatMap((task) => transactionOf(task) ?? []).reverse() : [] },
    }),
    show(uid) {
      const task = tasks.find((each) => each.uid === uid)
      const transaction = task && transactionOf(task)
      return transaction
        ? { status: 200, body: { transaction } }
        : { status: 404, body: { response: { message: 'Record not found' } } }
    },
  }
}
