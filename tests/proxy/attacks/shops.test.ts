/** The two shops with pages, as somebody meets them who is not their customer. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startShop as startAngular } from '../../../examples/angular-checkout/server/start-shop.ts'
import { startShop as startReact } from '../../../examples/react-checkout/src/server/shop.ts'

const folder = mkdtempSync(join(tmpdir(), 'async-transaction-shops-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A page: what it loads is of no matter here. */
const page = (): string => {
  mkdirSync(join(folder, 'assets'), { recursive: true })
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Checkout</title>')
  writeFileSync(join(folder, 'assets/page.js'), '')
  return folder
}

/** What the page asks for before it charges. */
const token = (url: string, path: string, cookie: string): Promise<Response> =>
  fetch(`${url}/api${path}/token`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json' },
    body: '{}',
  })

describe.each([
  ['React', () => startReact({ pageFolder: page() })],
  ['Angular', () => startAngular({ page: page() })],
] as const)('the shop in %s', (_, start) => {
  let shop: Awaited<ReturnType<typeof start>>
  beforeAll(async () => {
    shop = await start()
  })
  afterAll(() => shop.close())

  /** A customer who opens the page of a new order. */
  async function visit() {
    const path = (await fetch(shop.url, { redirect: 'manual' })).headers.get('location') ?? ''
    const opened = await fetch(shop.url + path)
    const cookie = opened.headers.get('set-cookie') ?? ''
    return { path, opened, cookie, session: cookie.split(';')[0] ?? '' }
  }

  it('keeps its form out of frames, its page from scripts of others, and its addresses to itself', async () => {
    const { headers } = (await visit()).opened
    const policy = headers.get('content-security-policy') ?? ''
    for (const rule of ["default-src 'self'", "object-src 'none'", "form-action 'none'", 'frame-ancestors', 'base-uri'])
      expect(policy).toContain(rule)
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
    expect(headers.get('x-frame-options')).toMatch(/^(DENY|SAMEORIGIN)$/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('x-powered-by')).toBeNull()
  })

  it('gives its customer a session that no script reads, and no other site uses', async () => {
    const { cookie, session } = await visit()
    expect(session).toMatch(/^session=[\da-f-]{36}$/)
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/SameSite=Lax/)
  })

  it('gives the token of an order to its customer, and to nobody else', async () => {
    const { path, session } = await visit()
    const stranger = (await visit()).session
    const mine = await token(shop.url, path, session)
    expect([mine.status, typeof (await mine.json()).token]).toEqual([200, 'string'])
    for (const cookie of ['', stranger, 'session=', 'session=undefined', `${session}x`]) {
      const answer = await token(shop.url, path, cookie)
      expect(answer.status).toBe(404)
      expect(await answer.text()).not.toContain('token')
    }
  })

  it('lets nobody take an order over that somebody has opened', async () => {
    const { path, session } = await visit()
    const stranger = (await visit()).session
    await fetch(shop.url + path, { headers: { cookie: stranger } })
    await fetch(shop.url + path)
    expect((await token(shop.url, path, stranger)).status).toBe(404)
    expect((await token(shop.url, path, session)).status).toBe(200)
  })
})
