/** A page in a browser, that is left alone until it has found out what it is asked for. */
import { browsers } from '../browsers/projects.ts'
import { drivers } from '../e2e/react/page-driver.ts'

const names: Readonly<Record<string, string>> = { chromium: 'Chromium', firefox: 'Firefox', webkit: 'WebKit' }

/** The browsers of this run, as they are called. */
export const browserNames: readonly string[] = browsers.map((browser) => names[browser] ?? browser)

/** What a page leaves in the property `found` of its window. */
export async function inPage<T>(browserName: string, url: string, found: string): Promise<T> {
  const start = drivers[browserName.toLowerCase()]
  if (!start) throw new Error(`There is no driver for ${browserName}`)
  const browser = await start()
  try {
    const visitor = await browser.visitor()
    try {
      const tab = await visitor.open(url)
      return await until(async () => {
        const json = await tab.evaluate<string>(`JSON.stringify(window.${found}) ?? ''`)
        return json ? (JSON.parse(json) as T) : undefined
      })
    } finally {
      await visitor.close()
    }
  } finally {
    await browser.close()
  }
}

async function until<T>(read: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 400; tries++) {
    const value = await read()
    if (value !== undefined) return value
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  throw new Error('The page found nothing out')
}
