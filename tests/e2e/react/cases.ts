/**
 * What customers do to a checkout. Each case says what the page must show in the end; that the card was charged exactly
 * once is checked after each.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { CheckoutPage, cards, until } from './checkout-page.ts'
import type { Visitor } from './page-driver.ts'
import type { TestShop } from './shop.ts'

export interface Stage {
  readonly shop: TestShop
  readonly visitor: Visitor
  /** Of the order, at the gateway and in the sandbox. */
  readonly id: string
  readonly url: string
  /** The order in a tab. */
  open(): Promise<CheckoutPage>
}

export interface Case {
  readonly title: string
  /** @default production */
  readonly page?: 'development' | 'simulated'
  /** It takes more than one tab. */
  readonly tabs?: true
  /** How often the card is charged. A decline is a charge that reached the acquirer. @default 1 */
  readonly charges?: number
  readonly play: (stage: Stage) => Promise<void>
}

const posts = ({ shop, id }: Stage): number =>
  shop.sandbox.requests().filter(({ operation, trackingId }) => operation === 'submit' && trackingId === id).length

/** The gateway has the payment. */
const taken = async ({ shop, id }: Stage): Promise<void> => {
  const isTaken = () => shop.sandbox.tasks().some(({ trackingId }) => trackingId === id)
  await until(isTaken, true)
}

/** Time passes for the page alone, with all that comes due in it. */
async function pass({ tab }: CheckoutPage, ms: number): Promise<void> {
  const end = await tab.evaluate<number>(`Date.now() + ${ms}`)
  while (await tab.evaluate(`goOn(${end})`)) await sleep(20)
}

export const cases: readonly Case[] = [
  {
    title: 'pays with a card that is typed in',
    async play(stage) {
      const page = await stage.open()
      await page.fill(cards.good)
      const fields = `[...document.querySelectorAll('.card-form input')].map(({ value }) => value)`
      expect(await page.tab.evaluate(fields)).toEqual(['4200 0000 0000 0000', '05 / 35', '123', 'JANE ROE'])
      await page.pay()
      await page.shows('paid')
      await until(() => page.text('.facts .strong dd'), '1')
    },
  },
  {
    title: 'says that nothing was charged after a decline, and pays with another card',
    charges: 2,
    async play(stage) {
      const page = await stage.open()
      await page.choose('decline')
      await page.pay()
      await page.shows('declined')
      expect(stage.shop.sandbox.transactions(stage.id)).toMatchObject([{ status: 'failed' }])
      await page.tab.click('.outcome .button')
      await page.shows('form')
      // The declined card and its code are gone, and the cursor is where the next one is typed.
      const focused = 'document.activeElement.name + document.activeElement.value'
      await until(() => page.tab.evaluate(focused), 'number')
      await page.fill(cards.good)
      await page.pay()
      await page.shows('paid')
      expect(stage.shop.sandbox.transactions(stage.id).map(({ status }) => status)).toEqual(['failed', 'successful'])
    },
  },
  {
    title: 'says that nothing was sent while it is offline, and pays by itself when it is back',
    async play(stage) {
      const page = await stage.open()
      await page.choose('pay')
      await page.tab.offline(true)
      await page.pay()
      await page.shows('offline')
      expect(await page.text('.outcome')).toContain('Nothing was sent')
      expect(posts(stage)).toBe(0)
      await page.tab.offline(false)
      await page.shows('paid')
    },
  },
  {
    title: 'shows a decline as what it is',
    async play(stage) {
      const page = await stage.open()
      await page.choose('decline')
      await page.pay()
      await page.shows('declined')
      // What is hidden is still in the page: not the number and the code, for whoever comes to this computer next.
      const left = `[...document.querySelectorAll('.card-form input')].map(({ value }) => value).join(' ')`
      await until(async () => /0019|123/.test(await page.tab.evaluate<string>(left)), false)
      expect(stage.shop.sandbox.transactions(stage.id)).toMatchObject([{ status: 'failed' }])
    },
  },
  {
    title: 'takes a double click for one payment',
    async play(stage) {
      const page = await stage.open()
      await page.choose('pay')
      await page.tab.doubleClick('.card-form button')
      await page.shows('paid')
      expect(posts(stage)).toBe(1)
    },
  },
  {
    title: 'takes clicks in one and the same moment for one payment',
    async play(stage) {
      const page = await stage.open()
      await page.choose('pay')
      await page.tab.evaluate(
        `(() => { for (const _ of '123') document.querySelector('.card-form button').click() })()`,
      )
      await page.shows('paid')
      expect(posts(stage)).toBe(1)
    },
  },
  {
    title: 'is reloaded while the POST is under way',
    async play(stage) {
      const { shop, id } = stage
      const page = await stage.open()
      await page.choose('pay')
      shop.sandbox.fault({ on: 'submit', kind: 'delay', ms: 1500, trackingId: id })
      await page.pay()
      await taken(stage)
      await page.isAt('Sent')
      await page.tab.reload()
      await page.shows('paid')
    },
  },
  {
    title: 'is reloaded while the gateway works',
    async play(stage) {
      const page = await stage.open()
      await page.choose('slow')
      await page.pay()
      await page.isAt('Processing')
      await page.tab.reload()
      await page.isAt('Processing')
      stage.shop.scenarios.end(stage.id)
      await page.shows('paid')
    },
  },
  {
    title: 'is reloaded while the answer is on its way',
    async play(stage) {
      const page = await stage.open()
      await page.choose('pay')
      stage.shop.sandbox.fault({ on: 'result', kind: 'delay', ms: 1500, trackingId: stage.id })
      await page.pay()
      await page.isAt('Fetching the answer')
      await page.tab.reload()
      await page.shows('paid')
    },
  },
  {
    title: 'is reloaded once it is paid',
    async play(stage) {
      const page = await stage.open()
      await page.choose('pay')
      await page.pay()
      await page.shows('paid')
      await page.tab.reload()
      await page.shows('paid')
    },
  },
  {
    title: 'is reloaded while nobody knows, and finds out',
    page: 'simulated',
    async play(stage) {
      const page = await stage.open()
      await page.choose('expire')
      await page.pay()
      await page.isAt('Processing')
      await pass(page, 20_000)
      await page.shows('unknown')
      expect(await page.text('.outcome')).toContain('Please do not pay again')
      await page.tab.click('.outcome .button')
      await until(() => page.text('.news'), 'Nothing is known yet.')
      stage.shop.scenarios.end(stage.id)
      // Who comes back sooner than a minute after that is told that it is being asked.
      await page.tab.reload()
      await page.shows('working')
      await pass(page, 60_000)
      await page.shows('paid')
    },
  },
  {
    title: 'does not take an error that is told once for "not paid": the card was charged',
    async play(stage) {
      const page = await stage.open()
      await page.choose('error')
      await page.pay()
      await page.shows('paid')
      await page.tab.reload()
      await page.shows('paid')
    },
  },
  {
    title: 'sends a POST again whose answer was dropped, as the same payment',
    async play(stage) {
      const page = await stage.open()
      await page.choose('drop')
      await page.pay()
      await page.shows('paid')
      expect(posts(stage)).toBe(2)
    },
  },
  {
    title: 'is left by the back button in the middle, and returned to',
    async play(stage) {
      const page = new CheckoutPage(await stage.visitor.open(`${stage.shop.url}/orders/none`))
      await page.tab.goto(stage.url)
      await page.choose('slow')
      await page.pay()
      await page.isAt('Processing')
      await page.tab.back()
      await page.shows('none')
      stage.shop.scenarios.end(stage.id)
      await page.tab.forward()
      await page.shows('paid')
      await page.tab.back()
      await page.shows('none')
      await page.tab.forward()
      await page.shows('paid')
    },
  },
  {
    title: 'is paid in two tabs at once',
    tabs: true,
    async play(stage) {
      const [first, second] = [await stage.open(), await stage.open()]
      await second.choose('pay')
      await first.choose('pay')
      await Promise.all([first.pay(), second.pay()])
      await first.shows('paid')
      await second.shows('paid')
      expect(posts(stage)).toBe(1)
    },
  },
  {
    title: 'shows what came of an error that is told once in two tabs',
    tabs: true,
    async play(stage) {
      const first = await stage.open()
      await first.choose('error')
      await first.pay()
      await taken(stage)
      const second = await stage.open()
      await first.shows('paid')
      await second.shows('paid')
    },
  },
  {
    title: 'goes on in another tab when the one that asks is closed',
    tabs: true,
    async play(stage) {
      const first = await stage.open()
      await first.choose('slow')
      await first.pay()
      await first.isAt('Processing')
      const second = await stage.open()
      await second.isAt('Processing')
      await first.tab.close()
      stage.shop.scenarios.end(stage.id)
      await second.shows('paid')
    },
  },
  {
    title: 'goes offline in the middle',
    async play(stage) {
      const { shop, id } = stage
      const page = await stage.open()
      await page.choose('slow')
      await page.pay()
      await page.isAt('Processing')
      await page.tab.offline(true)
      const asked = () => shop.sandbox.requests().filter(({ trackingId }) => trackingId === id).length
      const before = asked()
      shop.scenarios.end(id)
      await sleep(1500)
      expect(await page.screen()).toBe('working')
      // One that was under way may have arrived.
      expect(asked()).toBeLessThanOrEqual(before + 1)
      await page.tab.offline(false)
      await page.shows('paid')
    },
  },
  {
    title: 'is hidden for ten minutes, and asks on, less often',
    page: 'simulated',
    async play({ shop, id, open }) {
      const page = await open()
      await page.choose('pay')
      // Not "slow", which lasts twenty seconds by the visitor's watch.
      const finish = shop.sandbox.fault({
        on: 'status',
        kind: 'processing-word',
        word: 'processing',
        times: Number.POSITIVE_INFINITY,
        trackingId: id,
      })
      await page.pay()
      await page.isAt('Processing')
      const questions = () =>
        shop.sandbox.requests().filter(({ operation, trackingId }) => operation === 'status' && trackingId === id)
          .length
      const minute = async (): Promise<number> => {
        const before = questions()
        shop.pass(60_000)
        await pass(page, 60_000)
        return questions() - before
      }
      const watched = await minute()
      await page.tab.evaluate('hide(true)')
      let hidden = 0
      for (let minutes = 0; minutes < 9; minutes++) hidden += await minute()
      // A minute apart at most, and what asking takes.
      expect(hidden).toBeGreaterThanOrEqual(7)
      expect(hidden / 9).toBeLessThan(watched / 2)
      finish()
      await minute()
      await page.shows('paid')
      await page.tab.evaluate('hide(false)')
      await page.shows('paid')
    },
  },
  {
    title: 'goes to the bank for 3-D Secure, and comes back paid',
    async play(stage) {
      const page = await stage.open()
      await page.choose('3ds')
      await page.pay()
      await page.shows('challenge')
      await page.tab.reload()
      await page.shows('challenge')
      await page.tab.click('.outcome .button')
      await page.tab.click('button[value=confirm]')
      await page.shows('paid')
    },
  },
  {
    title: 'goes to the bank, comes back by the back button, goes again and confirms',
    async play(stage) {
      const page = await stage.open()
      await page.choose('3ds')
      await page.pay()
      await page.shows('challenge')
      await page.tab.click('.outcome .button')
      await page.shows('none')
      await page.tab.back()
      await page.shows('challenge')
      // By the page: playwright waits for a navigation to end that Firefox's back-forward cache has ended at once.
      await page.tab.evaluate(`document.querySelector('.outcome .button').click()`)
      await page.tab.click('button[value=confirm]')
      await page.shows('paid')
    },
  },
  {
    title: 'comes back from the bank without having confirmed: declined, nothing charged',
    charges: 0,
    async play(stage) {
      const page = await stage.open()
      await page.choose('3ds')
      await page.pay()
      await page.shows('challenge')
      await page.tab.click('.outcome .button')
      await page.tab.click('button[value=cancel]')
      await page.shows('declined')
    },
  },
  {
    title: 'does everything twice in StrictMode, but charge',
    page: 'development',
    async play(stage) {
      const page = await stage.open()
      await page.choose('slow')
      await page.pay()
      await page.isAt('Processing')
      await page.tab.reload()
      await page.isAt('Processing')
      stage.shop.scenarios.end(stage.id)
      await page.shows('paid')
      // The page's own questions begin with each mounting: StrictMode is at work.
      const looks = `performance.getEntriesByType('resource').filter(({ name, startTime }) => name.endsWith('/gateway') && startTime < 3000).length`
      expect(await page.tab.evaluate(looks)).toBeGreaterThan(1)
      expect(posts(stage)).toBe(1)
    },
  },
]
