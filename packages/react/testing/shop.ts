/** A shop whose page talks to a sandbox gateway in the same process, on one simulated clock. */
import {
  basicAuth,
  type Client,
  type ClientOptions,
  createClient,
  memoryJournal,
  type PaymentRequest,
} from '@async-transaction/core'
import { createSimulatedClock, type SimulatedClock } from '@async-transaction/core/testing'
import { createSandbox, type Sandbox, type SandboxOptions } from '@async-transaction/sandbox'

export const cards = {
  succeeds: '4200000000000000',
  declined: '4005550000000019',
  threeDSecure: '4012000000001097',
}

export interface Shop {
  readonly clock: SimulatedClock
  readonly sandbox: Sandbox
  readonly client: Client
  /** The client of the same page after a reload: a new one, with the same journal. */
  readonly reload: () => Client
  /** How many requests of this kind the gateway got. */
  readonly requests: (operation: string) => number
}

/** The gateway works on a task for 5 s, and every POST is counted: the shop does without the gateway's duplicate check. */
export function createShop(options: Partial<ClientOptions> = {}, gateway: SandboxOptions = {}): Shop {
  const clock = createSimulatedClock()
  const sandbox = createSandbox({ clock, latencyMs: 5000, seed: 1, ...gateway })
  const journal = memoryJournal()
  const reload = (): Client =>
    createClient({
      baseUrl: 'https://gateway.test',
      auth: basicAuth({ shopId: '361', secretKey: 'a-secret-key' }),
      allowSecretInBrowser: true,
      clock,
      fetch: sandbox.fetch,
      journal,
      random: () => 0.5,
      ...options,
    })
  const requests = (operation: string): number =>
    sandbox.requests().filter((request) => request.operation === operation).length
  return { clock, sandbox, client: reload(), reload, requests }
}

export const order = (fields: Partial<PaymentRequest> = {}, number: string = cards.succeeds): PaymentRequest => ({
  amount: 3245,
  currency: 'KZT',
  description: 'Order 17',
  tracking_id: 'order-17',
  duplicate_check: false,
  credit_card: { number, verification_value: '123', holder: 'JANE ROE', exp_month: '05', exp_year: '2030' },
  ...fields,
})
