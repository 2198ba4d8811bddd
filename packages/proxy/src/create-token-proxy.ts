/** The token proxy, as one Web-standard `fetch` handler. */
import { Hono } from 'hono'
import type { FetchContext } from './fetch-context.ts'
import { keepAlive } from './http/context.ts'
import { createRoutes } from './http/routes.ts'
import { settingsOf, type TokenProxyOptions } from './options.ts'
import { createCardLimit } from './outcomes/card-limit.ts'
import { createLookUp } from './outcomes/look-up.ts'
import { createNotify } from './outcomes/notify.ts'
import { createOrders } from './outcomes/orders.ts'
import { createTaskReader, type TaskCheck } from './outcomes/read-task.ts'
import { RecordStore } from './outcomes/record-store.ts'
import { createSettleWebhook } from './outcomes/settle-webhook.ts'
import { createSubmit } from './outcomes/submit-charge.ts'
import { createSweep, type SweepOptions } from './outcomes/sweep.ts'
import { type ChargeIntent, checkIntent } from './token/grant.ts'
import { Keyring } from './token/keyring.ts'
import { createTokens } from './token/tokens.ts'

export interface TokenProxy {
  /**
   * Answers a request. It never rejects. Give it, as it is, to `Deno.serve`, `Bun.serve` or a Node adapter; on Workers
   * pass the execution context on, so that a read goes on when the browser has left.
   */
  readonly fetch: (request: Request, context?: FetchContext) => Promise<Response>
  /**
   * Makes a token for one charge: the page may submit it for 15 minutes, and read what came of it for 24 hours. For your
   * server alone, after it decided on the order and the amount.
   *
   * @throws TransactionError `request-invalid` for an intent that the gateway would not take
   */
  readonly issue: (intent: ChargeIntent) => Promise<string>
  /**
   * Asks once after a task that nobody may be waiting for: for an alarm, a queue or a cron job. It goes the same way as a
   * browser's poll, and calls `onOutcome`.
   */
  readonly check: (requestId: string) => Promise<TaskCheck>
  /**
   * Checks the tasks that no page has polled for a while, at most 100 unless told otherwise, and resolves to their number.
   * For runtimes without alarms: call it every few seconds, in each process or in one. Without it, an error that is
   * delivered once is not read before a page comes back, and `onOutcome` is not called.
   *
   * @throws TransactionError `config` if the store has no `due`
   */
  readonly sweep: (options?: SweepOptions) => Promise<number>
  /**
   * Refuses what comes from now on with 503, and resolves when all requests are answered, what they read is stored, and
   * their leases are given back: at the latest after `submitTimeoutMs`. For SIGTERM: a process that ends without it keeps
   * others from its payments for 10 s.
   */
  readonly close: () => Promise<void>
}

/**
 * Creates a token proxy. Nothing is asked, computed or timed before the first request.
 *
 * @throws TransactionError `config` for an option that is missing or unsafe, naming it
 *
 * @example
 * ```ts
 * const proxy = createTokenProxy({
 *   gateway: { baseUrl: 'https://gw.horizonpay.kz', shopId: env.SHOP_ID, secretKey: env.SECRET_KEY },
 *   secret: env.TOKEN_SECRET,
 *   origins: ['https://shop.example'],
 * })
 * Deno.serve(proxy.fetch)
 * ```
 */
export function createTokenProxy(options: TokenProxyOptions): TokenProxy {
  const settings = settingsOf(options)
  const { outcomes, clock, random, webhook } = settings
  const records = new RecordStore(outcomes, clock, random)
  const keyring = new Keyring(settings.secrets)
  const notify = createNotify(settings, records)
  const reader = createTaskReader(settings, records, notify)
  const orders = createOrders(settings, records)
  const tokens = createTokens(settings, keyring)
  /** Requests and what goes on after their answers: only `close()` waits for them. */
  const work = new Set<Promise<unknown>>()
  let closing = false
  const app = createRoutes(new Hono(), settings, {
    tokens,
    keyring,
    reader,
    isClosing: () => closing,
    background(context, promise) {
      keepAlive(context, track(promise))
    },
    submit: createSubmit(settings, records, orders, createCardLimit(settings, records, keyring)),
    lookUp: createLookUp(settings),
    settleWebhook: webhook && createSettleWebhook(settings, webhook, records, notify),
  })
  const check = (requestId: string): Promise<TaskCheck> => track(reader.check(requestId))
  return {
    fetch(request, context) {
      const answer = track((async () => app.fetch(request, { context }))())
      keepAlive(context, answer)
      return answer
    },
    issue: async (intent) => tokens.sign(await orders.grant(checkIntent(intent))),
    check,
    sweep: createSweep(settings, records, check),
    async close() {
      closing = true
      records.close()
      while (work.size > 0) await Promise.allSettled(work)
    },
  }

  function track<T>(promise: Promise<T>): Promise<T> {
    const ended = (): void => void work.delete(promise)
    work.add(promise)
    promise.then(ended, ended)
    return promise
  }
}
