/** A page of the shop in a tab: the client of core behind the proxy, with tokens that the shop's server makes for it. */
import {
  bearerAuth,
  type Client,
  createClient,
  type Journal,
  memoryJournal,
  type Outcome,
  type TransactionTask,
} from '@async-transaction/core'
import { CVC, cardNumber, ORDER } from './gateway.ts'
import type { ProxyPlan } from './plan.ts'
import { shop } from './webhook.ts'
import { createLife, type Life, type ProxyWorld } from './world.ts'

/** One click on "Pay", and what came of it. */
export interface Click {
  readonly card: number
  readonly at: number
  readonly life: Life
  /** By a page that was reloaded. */
  readonly recovered: boolean
  outcome?: Outcome
  settledAt?: number
}

export interface PageParts {
  readonly world: ProxyWorld
  readonly plan: ProxyPlan
  /** Sends a request of the page to some process of the proxy. */
  readonly route: (request: Request) => Promise<Response>
  /** A token for the order's next attempt, from the shop's server. */
  readonly issue: () => Promise<string>
  readonly nextExchange: () => number
  /** Whatever reaches the page. */
  readonly received: (text: string) => void
  readonly random: () => number
}

export interface Page {
  readonly life: Life
  /** With `token`: one that was made before. */
  pay(card: number, token?: string): Promise<void>
  /** After a reload. */
  recover(cardOf: (requestKey: string) => number): Promise<void>
}

export const TOTAL = 3245

/** What survives the reload of a page. */
export interface Tab {
  readonly journal: Journal
  readonly cards: Map<string, number>
  readonly tokens: string[]
}

export const createTab = (): Tab => ({ journal: memoryJournal(), cards: new Map(), tokens: [] })

export function createPage(parts: PageParts, tab: Tab, clicks: Click[], name: string): Page {
  const { world, plan, route, issue, nextExchange, received, random } = parts
  const { clock } = world
  const life = createLife(world)
  const tokens = new Map<string, string>()
  const after = (ms: number): Promise<void> => new Promise((resolve) => void clock.setTimeout(resolve, ms))

  const send = async (request: Request): Promise<Response> => {
    const nth = nextExchange()
    const planned = clock.now() - shop.began(world) < plan.faultsEndMs ? plan.page[nth] : undefined
    if (planned) world.strike(`page ${planned.kind}`)
    const path = new URL(request.url).pathname
    world.trace(() => `${name} asks ${request.method} ${path}${planned ? `: ${planned.kind}` : ''}`)
    await after(plan.latencyMs)
    if (planned?.kind === 'drop-before') throw new TypeError('Failed to fetch')
    if (planned?.kind === 'html') return new Response('<html>Bad gateway</html>', { status: 502 })
    if (planned?.kind === 'delay') await after(planned.amount)
    const response = await route(request)
    await after(plan.latencyMs)
    if (planned?.kind === 'drop-after') throw new TypeError('Failed to fetch')
    const text = await response.clone().text()
    received(text + JSON.stringify([...response.headers]))
    world.trace(() => `${name} hears ${response.status} ${text.slice(0, 140)}`)
    return response
  }

  /** A token of the payment; after a reload a new one. */
  const tokenOf = async (requestKey: string | undefined): Promise<string> => {
    const known = tokens.get(requestKey ?? '')
    if (known) return known
    const made = await life.gate(issue())
    tokens.set(requestKey ?? '', made)
    return made
  }

  const client: Client = createClient({
    baseUrl: 'https://shop.test/pay',
    auth: bearerAuth(({ requestKey }) => tokenOf(requestKey)),
    journal: tab.journal,
    fetch: (request) => life.gate(send(request as Request)),
    clock: life.clock,
    random,
  })

  const watch = (task: TransactionTask, card: number, recovered: boolean): void => {
    const click: Click = { card, at: clock.now(), life, recovered }
    clicks.push(click)
    void life.gate(task.outcome()).then((outcome) => {
      click.outcome = outcome
      click.settledAt = clock.now()
      world.trace(() => `${name} ends with ${JSON.stringify(outcome)}`)
    })
  }

  return {
    life,
    async pay(card, oldToken) {
      const token = oldToken ?? (await life.gate(issue()))
      tab.tokens.push(token)
      const requestKey = `${name}-${tab.cards.size}`
      tokens.set(requestKey, token)
      tab.cards.set(requestKey, card)
      world.trace(() => `${name} pays with card ${card}`)
      const request = {
        amount: TOTAL,
        currency: 'KZT',
        description: 'Order 17',
        tracking_id: ORDER,
        credit_card: {
          number: cardNumber(card),
          verification_value: CVC,
          holder: 'JANE ROE',
          exp_month: '05',
          exp_year: '2035',
        },
      }
      watch(client.submit('payments', request, { requestKey }), card, false)
    },
    async recover(cardOf) {
      for (const task of await life.gate(client.recover())) watch(task, cardOf(task.requestKey), true)
    },
  }
}
