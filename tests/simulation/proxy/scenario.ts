/** Plays a plan: an order, its pages, the processes of the proxy, their store and the gateway; and judges what came of it. */
import type { Outcome } from '@async-transaction/core'
import type { ChargeOutcome } from '@async-transaction/proxy'
import { createRandom } from '../random.ts'
import { CARD_TOKEN, CVC, cardNumber, createGateway, type Gateway, ORDER } from './gateway.ts'
import { createIsolate, type Isolate, type IsolateParts } from './isolate.ts'
import { type Click, createPage, createTab, type Page, type PageParts, type Tab, TOTAL } from './page.ts'
import type { Deed, DeedKind, ProxyPlan } from './plan.ts'
import { createStore } from './store.ts'
import { shop, webhookOf } from './webhook.ts'
import { createProxyWorld, type ProxyWorld } from './world.ts'

const MINUTE_MS = 60_000
/** How long a page may take to its end once the gateway has one, and nothing goes wrong any more. */
const PATIENCE_MS = 4 * MINUTE_MS
/** A submission that a page was reloaded in is looked up for ten minutes. */
const RECOVERY_MS = 11 * MINUTE_MS
const SWEEP_MS = 30_000

export async function playProxy(plan: ProxyPlan, tracing = false): Promise<ProxyWorld> {
  const world = createProxyWorld(tracing)
  const { clock } = world
  const began = shop.began(world)
  const random = createRandom(plan.seed, 11)
  const gateway = createGateway(world, plan.cards)
  const secret = [
    shop.secretKey,
    CVC,
    CARD_TOKEN,
    btoa(`${shop.id}:${shop.secretKey}`),
    ...plan.cards.map((_, card) => cardNumber(card)),
  ]
  const clean = (where: string, text: string, more: readonly string[] = []): void => {
    const found = [...secret, ...more].find((each) => each !== CVC && text.includes(each))
    world.check(
      'no card, secret or host where it does not belong',
      !found,
      () => `${where}: ${found} in ${text.slice(0, 300)}`,
    )
  }
  const store = createStore(world, plan, (text) => clean('store', text))
  const told = new Map<string, ChargeOutcome>()
  const numbers = { gateway: 0, page: 0 }
  const isolateParts: IsolateParts = {
    world,
    plan,
    gateway,
    store,
    nextExchange: () => numbers.gateway++,
    told(outcome) {
      world.trace(() => `shop     is told ${outcome.transaction?.status ?? 'an error'} of ${outcome.requestId}`)
      clean('onOutcome', JSON.stringify(outcome))
      told.set(outcome.transaction?.uid ?? outcome.requestId ?? '', outcome)
    },
    logged: (event) => clean('log', JSON.stringify(event)),
    random: random.next,
  }
  let made = 0
  const begin = (): Isolate => createIsolate(isolateParts, `isolate-${made++}`)
  const isolates = Array.from({ length: plan.isolates }, begin)
  const some = (): Isolate => isolates[Math.floor(random.next() * isolates.length)] as Isolate

  const clicks: Click[] = []
  const tabs: Tab[] = [createTab(), createTab()]
  const pages: Page[] = []
  const pageParts: PageParts = {
    world,
    plan,
    route: (request) => some().serve(request),
    issue: async () => {
      const { life, proxy } = some()
      return life.gate(
        proxy.issue({
          type: 'payments',
          amount: TOTAL,
          currency: 'KZT',
          trackingId: ORDER,
          description: 'Order 17',
          attempt: 'next',
        }),
      )
    },
    nextExchange: () => numbers.page++,
    received: (text) => clean('page', text, ['gateway.test/async']),
    random: random.next,
  }
  const open = (who: number): Page => {
    const page = createPage(pageParts, tabs[who % 2] as Tab, clicks, `page-${pages.length}`)
    pages[who % 2] = page
    return page
  }
  const pageOf = ({ who }: Deed): Page => pages[who % 2] ?? open(who)
  /** A token that could not be had is no click. */
  const unless = (failed: Promise<unknown>): Promise<void> =>
    failed.then(
      () => {},
      () => {},
    )

  const replace = (isolate: Isolate): void => {
    const index = isolates.indexOf(isolate)
    if (index >= 0) isolates[index] = begin()
  }
  const played: Record<DeedKind, (deed: Deed) => unknown> = {
    pay: (deed) => unless(pageOf(deed).pay(deed.card)),
    'pay-again': (deed) => unless(pageOf(deed).pay(deed.card)),
    'old-token': (deed) => {
      const { tokens } = tabs[deed.who % 2] as Tab
      return tokens.length && unless(pageOf(deed).pay(deed.card, tokens[deed.amount % tokens.length]))
    },
    reload: (deed) => {
      pageOf(deed).life.end()
      const { cards } = tabs[deed.who % 2] as Tab
      return unless(open(deed.who).recover((key) => cards.get(key) ?? -1))
    },
    close: (deed) => pages[deed.who % 2]?.life.end(),
    die(deed) {
      const isolate = isolates[deed.who % isolates.length] as Isolate
      world.strike('an isolate dies')
      world.trace(() => `${isolate.name} dies`)
      isolate.life.end()
      replace(isolate)
    },
    deploy(deed) {
      const isolate = isolates[deed.who % isolates.length] as Isolate
      world.strike('deploy')
      replace(isolate)
      return isolate.proxy.close().then(() => isolate.life.end())
    },
    stall(deed) {
      world.strike('an isolate stalls')
      isolates[deed.who % isolates.length]?.life.stall(deed.amount)
    },
    sweep: () => unless(some().life.gate(some().proxy.sweep())),
    webhook: () => deliver(),
    'store-outage': (deed) => store.fail(deed.amount),
    'store-forgets': () => store.forget(),
  }
  const deliver = async (): Promise<void> => {
    for (const task of gateway.tasks) {
      const transaction = gateway.transactionOf(task)
      if (!transaction) continue
      world.strike('webhook')
      const { status } = await some()
        .serve(webhookOf(transaction))
        .catch(() => ({ status: 0 }))
      world.trace(() => `webhook  of ${task.uid} ${transaction.status}: ${status}`)
      if (status !== 204 && clock.now() - began < plan.untilMs) clock.setTimeout(() => void deliver(), 2 * MINUTE_MS)
    }
  }

  for (const deed of plan.deeds)
    world.at(deed.at, () => {
      world.trace(() => `         ${deed.kind}`)
      return played[deed.kind](deed)
    })
  // The shop asks after what is pending, as long as it is there.
  for (let at = SWEEP_MS; at < plan.untilMs; at += SWEEP_MS)
    world.at(at, () => (at < plan.faultsEndMs ? undefined : unless(some().proxy.sweep())))

  // Webhooks come for hours, until they are taken.
  world.at(plan.untilMs - 5 * MINUTE_MS, deliver)

  await clock.advance(plan.untilMs)
  judge(world, plan, gateway, clicks, told, began)
  for (const page of pages) page?.life.end()
  for (const { life } of isolates) life.end()
  return world
}

function judge(
  world: ProxyWorld,
  plan: ProxyPlan,
  gateway: Gateway,
  clicks: readonly Click[],
  told: ReadonlyMap<string, ChargeOutcome>,
  began: number,
): void {
  const { tasks } = gateway
  const forgot = world.strikes.has('store forgets')
  for (const click of clicks) {
    const { card, outcome, settledAt = 0, life, recovered } = click
    // A later click may have charged it.
    const own = tasks.filter((task) => task.card === card && task.takenAt <= settledAt)
    const charged = own.some(gateway.isCharged)
    const said = (): string => `card ${card}: ${JSON.stringify(outcome)}`
    world.outcomes.push(nameOf(outcome))
    if (!outcome) {
      if (life.alive) world.check('every page comes to an end', false, said)
      continue
    }
    world.check('every page comes to an end', true)
    // A used attempt says nothing of a later one, under which its card may have paid.
    const used =
      outcome.status === 'error' && 'gatewayCode' in outcome.error && outcome.error.gatewayCode === 'attempt-used'
    if (outcome.status === 'error' && !used)
      world.check('"none" means that the card was not charged', outcome.error.effect !== 'none' || !charged, said)
    if (outcome.status === 'result') {
      const { uid, status } = outcome.transaction ?? {}
      const task = tasks.find((each) => each.uid === uid)
      world.check('a result is a transaction of the order', !!task, said)
      if (task && status === 'failed')
        world.check('"failed" is said of nothing that is paid', !gateway.isCharged(task), said)
    }
    if (outcome.status === 'error' && outcome.error.code === 'gateway-error')
      world.check(
        'an error is the gateway’s word',
        tasks.some(({ said: spoken }) => spoken),
        said,
      )
    // What ended while things went wrong may have ended in doubt.
    const calm = settledAt > began + plan.faultsEndMs || [...world.strikes.keys()].every((kind) => kind === 'webhook')
    // A submission that was lost while things went wrong is looked up for a while, and may be listed after that.
    const lost = outcome.status === 'error' && outcome.error.code === 'submit-lost' && world.strikes.size > 0
    if (calm && charged && !forgot && !lost)
      world.check('the outcome is what the gateway has', outcome.status === 'result', said)
    const ready = Math.max(
      began + plan.faultsEndMs,
      click.at,
      ...tasks.map((task) => task.takenAt + task.truth.latencyMs),
    )
    world.check(
      'every page ends in time',
      settledAt - ready <= (recovered ? RECOVERY_MS : PATIENCE_MS),
      () => `${settledAt - ready} ms late, ${said()}`,
    )
  }
  if (forgot) return
  for (const task of tasks) {
    const transaction = gateway.transactionOf(task)
    if (!transaction || transaction.status === 'incomplete') continue
    const news = told.get(task.uid)
    world.check(
      'the shop hears what came of each charge',
      news?.transaction?.status === transaction.status,
      () => `${task.uid} is ${transaction.status}, told ${news?.transaction?.status ?? 'nothing'}`,
    )
  }
}

function nameOf(outcome: Outcome | undefined): string {
  if (outcome?.status === 'error') return `${outcome.error.code}, effect ${outcome.error.effect}`
  return outcome?.status === 'result' ? `result ${outcome.transaction?.status}` : (outcome?.status ?? 'nobody waited')
}
