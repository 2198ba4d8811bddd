/** A shop with a client, a sandbox gateway in the same process, and one simulated clock for both. */
import {
  basicAuth,
  type Client,
  type ClientEvent,
  type ClientOptions,
  createClient,
  type PaymentRequest,
  type TaskState,
  type TransactionTask,
} from '@async-transaction/core'
import { createSimulatedClock, type SimulatedClock } from '@async-transaction/core/testing'
import { createSandbox, type Sandbox, type SandboxOptions } from '@async-transaction/sandbox'

export const BASE_URL = 'https://gateway.test'
export const credentials: { shopId: string; secretKey: string } = { shopId: '361', secretKey: 'a-secret-key' }

export const cards = {
  succeeds: '4200000000000000',
  declined: '4005550000000019',
  threeDSecure: '4012000000001097',
}

export interface Checkout {
  readonly clock: SimulatedClock
  readonly sandbox: Sandbox
  readonly client: Client
  /** What `onEvent` was told. */
  readonly events: ClientEvent[]
  /** Another client of the same shop at the same gateway, as after a restart. */
  readonly restart: (options?: Partial<ClientOptions>) => Client
}

/** `latencyMs` is how long the gateway works on a task: 5 s, as the recorded test calls took. `skewMs`: its clock is ahead. */
export function createCheckout(
  options: Partial<ClientOptions> = {},
  gateway: SandboxOptions & { skewMs?: number } = {},
): Checkout {
  const clock = createSimulatedClock()
  const { skewMs = 0, ...others } = gateway
  const gatewayClock = { ...clock, now: () => clock.now() + skewMs }
  const sandbox = createSandbox({ clock: gatewayClock, credentials, latencyMs: 5000, seed: 1, ...others })
  const events: ClientEvent[] = []
  const restart = (again: Partial<ClientOptions> = {}): Client =>
    createClient({
      baseUrl: BASE_URL,
      auth: basicAuth(credentials),
      clock,
      fetch: sandbox.fetch,
      random: () => 0.5,
      onEvent: (event) => events.push(event),
      ...options,
      ...again,
    })
  return { clock, sandbox, client: restart(), events, restart }
}

let orders = 0

/** A request like no other: the gateway refuses the same amount on the same card within 30 seconds. */
export function order(fields: Partial<PaymentRequest> = {}, number: string = cards.succeeds): PaymentRequest {
  orders += 1
  return {
    amount: 1000 + orders,
    currency: 'KZT',
    description: `Order ${orders}`,
    tracking_id: `order-${orders}`,
    credit_card: { number, verification_value: '123', holder: 'JANE ROE', exp_month: '05', exp_year: '2030' },
    ...fields,
  }
}

/** What a subscriber sees, as it comes; `end` is how it ended. */
export function record(task: TransactionTask): { states: TaskState[]; statuses: () => string[]; end?: unknown } {
  const seen: { states: TaskState[]; statuses: () => string[]; end?: unknown } = {
    states: [],
    statuses: () => seen.states.map(({ status }) => status),
  }
  task.subscribe({
    next: (state) => seen.states.push(state),
    error: (error) => {
      seen.end = error
    },
    complete: () => {
      seen.end = 'complete'
    },
  })
  return seen
}
