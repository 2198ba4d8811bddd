/** WebKitGTK, by its WebDriver. */
import { remote } from 'webdriverio'
import { capabilities, startWebKitDriver } from '../../browsers/webkit-driver.ts'
import type { PageDriver, Tab, Visitor } from './page-driver.ts'

type Session = Awaited<ReturnType<typeof remote>>

export async function startWebKit(): Promise<PageDriver> {
  const driver = await startWebKitDriver()
  return {
    close: async () => driver.stop(),
    async visitor(): Promise<Visitor> {
      const session = await remote({ ...driver.connection, capabilities, logLevel: 'error' })
      await session.setTimeout({ script: 60_000 })
      let used = false
      return {
        async open(url) {
          if (used) await session.switchToWindow((await session.createWindow('tab')).handle)
          used = true
          const tab = await tabOf(session)
          await tab.goto(url)
          return tab
        },
        close: () => session.deleteSession(),
      }
    },
  }
}

/** One of the session's windows: each command goes to the one in front. */
async function tabOf(session: Session): Promise<Tab> {
  const handle = await session.getWindowHandle()
  const here = async <T>(command: () => Promise<T>): Promise<T> => {
    if ((await session.getWindowHandle().catch(() => undefined)) !== handle) await session.switchToWindow(handle)
    return command()
  }
  const evaluate = <T>(expression: string): Promise<T> =>
    here(async () => (await session.execute(`return (${expression})`)) as T)
  const element = async (selector: string) => {
    const found = session.$(selector)
    await found.waitForClickable({ timeout: 15_000 })
    return found
  }
  return {
    goto: (url) =>
      here(async () => {
        await session.url(url)
      }),
    reload: () => here(() => session.refresh()),
    back: () => here(() => session.back()),
    forward: () => here(() => session.forward()),
    close: () => here(() => session.closeWindow()).then(() => {}),
    click: (selector) => here(async () => (await element(selector)).click()),
    doubleClick: (selector) => here(async () => (await element(selector)).doubleClick()),
    type: (text) => here(() => session.keys([...text])),
    evaluate,
    offline: (offline) => evaluate(`(${cutOff})(${offline})`),
    resize: (width, height) => here(() => session.setWindowSize(width, height)).then(() => {}),
    screenshot: () => here(async () => Buffer.from(await session.takeScreenshot(), 'base64')),
  }
}

/** In the page: this WebDriver has no word for the network, so the page's own means are replaced and it is told. */
const cutOff = `(offline) => {
  globalThis.connected ??= fetch
  globalThis.fetch = offline ? async () => { throw new TypeError('Load failed') } : connected
  Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => !offline })
  dispatchEvent(new Event(offline ? 'offline' : 'online'))
}`
