/** WebKitGTK, by its WebDriver. */
import { setTimeout as sleep } from 'node:timers/promises'
import { remote } from 'webdriverio'
import { capabilities, startWebKitDriver } from '../../browsers/webkit-driver.ts'
import type { PageDriver, Tab, Visitor } from './page-driver.ts'

/** How long an element may take to come, in milliseconds. */
const PATIENCE_MS = 15_000

type Session = Awaited<ReturnType<typeof remote>>

export async function startWebKit(): Promise<PageDriver> {
  return {
    close: async () => {},
    async visitor(tabs = false): Promise<Visitor> {
      // One each: a driver that a page brings down takes nobody else along.
      const driver = await startWebKitDriver()
      const session = await remote({ ...driver.connection, capabilities, logLevel: 'error' })
      await session.setTimeout({ script: 60_000 })
      const tab = tabOf(session)
      let frames = 0
      return {
        async open(url) {
          // A page of the shop's origin with nothing on it, for the frames to be in.
          if (!tabs || frames === 0) await tab.goto(tabs ? new URL('/frames', url).href : url)
          if (!tabs) return tab
          frames += 1
          return frameOf(session, tab, `tab-${frames}`, url)
        },
        async close() {
          await session.deleteSession().catch(() => {})
          driver.stop()
        },
      }
    },
  }
}

function tabOf(session: Session): Tab {
  const evaluate = async <T>(expression: string): Promise<T> => (await session.execute(`return (${expression})`)) as T
  const element = async (selector: string) => {
    const found = session.$(selector)
    await found.waitForClickable({ timeout: PATIENCE_MS })
    return found
  }
  return {
    evaluate,
    goto: async (url) => {
      await session.url(url)
    },
    reload: () => session.refresh(),
    back: () => session.back(),
    forward: () => session.forward(),
    close: async () => {
      await session.closeWindow()
    },
    click: async (selector) => (await element(selector)).click(),
    doubleClick: async (selector) => (await element(selector)).doubleClick(),
    type: async (text) => {
      const [focused = ''] = Object.values(await session.getActiveElement()) as string[]
      await session.elementSendKeys(focused, text)
    },
    offline: (offline) => evaluate(`(${cutOff})(${offline})`),
    resize: async (width, height) => {
      await session.setWindowSize(width, height)
    },
    // A picture waits until the page paints, which a page at rest does not: meanwhile it is given something to paint.
    screenshot: async () => {
      const paint = (opacity: string) => evaluate(`void (document.documentElement.style.opacity = '${opacity}')`)
      let taken = false
      const picture = session.takeScreenshot().finally(() => {
        taken = true
      })
      for (let turn = 0; !taken; turn++) {
        await Promise.race([picture, sleep(500)])
        if (!taken) await paint(turn % 2 ? '0.998' : '0.999')
      }
      await paint('')
      return Buffer.from(await picture, 'base64')
    },
  }
}

/** A frame in place of a tab: it has a document, locks, channels and requests of its own, and ends like a closed tab. */
async function frameOf(session: Session, host: Tab, id: string, url: string): Promise<Tab> {
  const inHost = <T>(expression: string): Promise<T> => inTurn(session, () => host.evaluate<T>(expression))
  await inHost(
    `void document.body.append(Object.assign(document.createElement('iframe'), { id: '${id}', src: '${url}', width: 1000, height: 600 }))`,
  )
  // By the driver: the page's policy lets nobody evaluate a text from another frame.
  const evaluate = <T>(expression: string): Promise<T> =>
    inTurn(session, async () => {
      await session.switchToFrame(await session.findElement('css selector', `#${id}`))
      return host.evaluate<T>(expression).finally(() => session.switchToFrame(null))
    })
  const impossible = (): Promise<never> => Promise.reject(new Error('Not in a frame'))
  return {
    evaluate,
    async click(selector) {
      for (const since = Date.now(); Date.now() - since < PATIENCE_MS; await sleep(30))
        if (await evaluate(`(${clickIfThere})(${JSON.stringify(selector)})`)) return
      throw new Error(`${selector} is not there`)
    },
    close: () => inHost(`document.getElementById('${id}').remove()`),
    goto: impossible,
    reload: impossible,
    back: impossible,
    forward: impossible,
    doubleClick: impossible,
    type: impossible,
    offline: impossible,
    resize: impossible,
    screenshot: impossible,
  }
}

/** In the page. */
const clickIfThere = `(selector) => {
  const element = document.querySelector(selector)
  if (!element || element.disabled || element.closest('[inert]')) return false
  element.click()
  return true
}`

const turns = new WeakMap<Session, Promise<unknown>>()

/** One command at a time: which frame it is for is a state of the session. */
function inTurn<T>(session: Session, command: () => Promise<T>): Promise<T> {
  const turn = (turns.get(session) ?? Promise.resolve()).then(command, command)
  turns.set(session, turn)
  return turn
}

/** In the page: this WebDriver has no word for the network, so the page's own means are replaced and it is told. */
const cutOff = `(offline) => {
  globalThis.connected ??= fetch
  globalThis.fetch = offline ? async () => { throw new TypeError('Load failed') } : connected
  Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => !offline })
  dispatchEvent(new Event(offline ? 'offline' : 'online'))
}`
