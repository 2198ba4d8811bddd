/** A page of a shop in Chromium, with its requests answered by the proxy. */
import { chromium as playwright } from 'playwright'
import { vi } from 'vitest'
import { chromium } from '../browsers/chromium.ts'
import { type Gateway, SHOP } from './gateway.ts'

/** The order that every application pays for, and what it shows when it has. */
export const ORDER = 'order-17'
export const PAID = 'result successful'

/** Opens a page with the script, clicks on its button, and tells what the button says in the end. */
export async function clickIn(script: string, { proxy }: Gateway): Promise<string | null> {
  const intent = { type: 'payments', amount: 3245, currency: 'KZT', trackingId: ORDER, description: ORDER, attempt: 1 }
  const token = await proxy.issue(intent)
  const html = `<!doctype html><body data-token="${token}" data-order="${ORDER}"><div id="root"></div>`
  const browser = await playwright.launch(await chromium())
  try {
    const page = await browser.newPage()
    await page.route('**', (route) => route.fulfill({ contentType: 'text/html', body: html }))
    await page.route('**/pay/**', async (route) => {
      const request = route.request()
      const init = { method: request.method(), headers: request.headers(), body: request.postData() }
      const { status, headers, body } = await whole(await proxy.fetch(new Request(request.url(), init)))
      await route.fulfill({ status, headers, body })
    })
    await page.goto(SHOP)
    await page.addScriptTag({ type: 'module', content: script })
    const button = page.getByRole('button')
    await button.click()
    await vi.waitUntil(async () => /result|error|unknown/.test((await button.textContent()) ?? ''), 15_000)
    return await button.textContent()
  } finally {
    await browser.close()
  }
}

const whole = async (reply: Response) => ({
  status: reply.status,
  headers: Object.fromEntries(reply.headers),
  body: await reply.text(),
})
