/** What a case is given: the library as it was injected, a gateway to pay at, and what that gateway saw. */

import type * as core from '@async-transaction/core'
import type * as encryption from '@async-transaction/core/encryption'
import type * as testing from '@async-transaction/core/testing'
import type * as webhook from '@async-transaction/core/webhook'
import type * as operators from '@async-transaction/rxjs'
import type * as rxjs from 'rxjs'
import { ask } from '../../faults/ask.ts'
import { expect } from './expect.ts'
import { uniqueId } from './unique-id.ts'

/** Everything of ours that a runtime is to run, imported by whoever runs the contract. */
export interface Library {
  readonly core: typeof core
  readonly encryption: typeof encryption
  readonly testing: typeof testing
  readonly webhook: typeof webhook
  readonly operators: typeof operators
  readonly rxjs: typeof rxjs
  /** New instances of the modules, evaluated at the call. */
  readonly fresh: { readonly core: () => typeof core; readonly rxjs: () => Omit<typeof rxjs, 'default'> }
}

/** Where the servers of the run listen. */
export interface Places {
  readonly gatewayUrl: string
  /** Another origin, to which nothing may ever be sent. */
  readonly elsewhereUrl: string
}

export interface Exchange {
  readonly operation: string
  readonly method: string
  readonly status?: number
  readonly taskId?: string
  readonly requestIdHeader?: string
}

export type Order = core.PaymentRequest & { tracking_id: string }

export const credentials = { shopId: 'shop-361', secretKey: 'the-key-of-the-shop' }

export const cards = {
  good: '4200000000000000',
  declined: '4005550000000019',
  threeDSecure: '4012000000001097',
}

/** What may hold the three digits of a security code by chance: ids, lines of a stack, ports and times. */
const BY_CHANCE = /[0-9a-f]{8}-[0-9a-f-]{27}|:\d+:\d+|\d{4,}|\.\d+Z/g

/** Nothing of what pays for an order of `Shop.order` is in what is shown or kept. */
export function expectNoSecret(text: string, { credit_card: card }: Order): void {
  for (const secret of [`${card?.number}`, `${card?.holder}`, credentials.secretKey, 'Basic '])
    expect(!text.includes(secret), `${secret} is in ${text}`)
  const code = `${card?.verification_value}`
  expect(!text.replaceAll(BY_CHANCE, '').includes(code), `${code} is in ${text}`)
}

export type Shop = ReturnType<typeof openShop>

export function openShop(library: Library, { gatewayUrl, elsewhereUrl }: Places) {
  const exchanges = async (trackingId: string, operation: string): Promise<Exchange[]> => {
    const { requests } = (await ask(`${gatewayUrl}/sandbox/requests`)) as {
      requests: (Exchange & { trackingId?: string })[]
    }
    return requests.filter((each) => each.trackingId === trackingId && each.operation === operation)
  }
  return {
    ...library,
    gatewayUrl,
    elsewhereUrl,
    exchanges,
    client: (options: Partial<core.ClientOptions> = {}): core.Client =>
      library.core.createClient({
        baseUrl: gatewayUrl,
        auth: library.core.basicAuth(credentials),
        allowSecretInBrowser: true,
        schedule: () => 20,
        submitTimeoutMs: 1000,
        pollTimeoutMs: 1000,
        // Lost POSTs are sent again at once.
        random: () => 0,
        ...options,
      }),
    order: (number = cards.good): Order => ({
      amount: 3245,
      currency: 'KZT',
      description: 'Order 17',
      tracking_id: uniqueId(),
      duplicate_check: false,
      credit_card: { number, verification_value: '987', exp_month: '05', exp_year: '2040', holder: 'JANE ROE' },
    }),
    fault: (order: Order, fault: object): Promise<unknown> =>
      ask(`${gatewayUrl}/sandbox/faults`, {
        method: 'POST',
        body: JSON.stringify({ trackingId: order.tracking_id, ...fault }),
      }),
    charges: async (order: Order): Promise<number> =>
      ((await ask(`${gatewayUrl}/sandbox/charges/${order.tracking_id}`)) as { charges: number }).charges,
    /** How often the other origin was called for this order, with whatever method. */
    heardElsewhere: async (order: Order): Promise<number> =>
      ((await ask(`${gatewayUrl}/elsewhere/${order.tracking_id}`)) as { requests: number }).requests,
    webhook: {
      ...library.webhook,
      publicKey: async (): Promise<string> =>
        ((await ask(`${gatewayUrl}/sandbox/public-key`)) as { publicKey: string }).publicKey,
      /** The notification about an order, as the gateway sent it. */
      async notification(order: Order): Promise<{ body: string; signature: string }> {
        for (let tries = 0; tries < 100; tries++) {
          const { webhooks } = (await ask(`${gatewayUrl}/sandbox/webhooks`)) as {
            webhooks: { body: string; signature: string }[]
          }
          const found = webhooks.find(({ body, signature }) => signature && body.includes(order.tracking_id))
          if (found) return found
          await sleep(30)
        }
        throw new Error('The gateway sent no notification')
      },
    },
  }
}

/** A fault that is none: four more answers that it is being worked on, however long the runtime takes to ask. */
export const stillProcessing = { kind: 'processing-word', word: 'processing', times: 4 }

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
