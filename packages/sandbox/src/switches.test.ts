import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createShop, origin } from '../testing/shop.ts'
import { createSandbox } from './create-sandbox.ts'
import { switches } from './switches.ts'

it.each(['../README.md', '../../../docs/protocol.md'])('%s names every switch', (file) => {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8')
  for (const name of Object.keys(switches)) expect(text).toContain(`| \`${name}\` `)
})

describe('the HTTP status of a word about a task', () => {
  it.each([200, 202, 425] as const)('statusUrlProcessing: %i', async (statusUrlProcessing) => {
    const shop = createShop(createSandbox({ latencyMs: 1000, statusUrlProcessing }))
    const { request_id } = (await shop.pay()).body
    expect(await shop.status(request_id)).toMatchObject({ status: statusUrlProcessing, body: { status: 'processing' } })
    expect((await shop.result(request_id)).status).toBe(425)
  })

  it.each([404, 200] as const)('unknownStatus: %i', async (unknownStatus) => {
    const shop = createShop(createSandbox({ unknownStatus }))
    const unknown = { status: unknownStatus, body: { status: 'unknown', request_id: 'x' } }
    expect([await shop.status('x'), await shop.result('x')]).toMatchObject([unknown, unknown])
  })
})

it.each([
  ['json', 'application/json; charset=utf-8', '{"message":"Unauthorized"}'],
  ['text', 'text/plain', 'Unauthorized'],
  ['html', 'text/html', '<h1>401 Unauthorized</h1>'],
] as const)("unauthorizedAs: '%s'", async (unauthorizedAs, type, body) => {
  const response = await createSandbox({ unauthorizedAs }).fetch(`${origin}/async/status/x`)
  expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([401, type, body])
})

it("foreignTasks: 'forbidden' answers 403 to another shop, and consumes nothing", async () => {
  const sandbox = createSandbox({ foreignTasks: 'forbidden' })
  const [shop, other] = [createShop(sandbox), createShop(sandbox, 'shop-2:secret-2')]
  sandbox.fault({ on: 'submit', kind: 'error' })
  const { request_id } = (await shop.pay()).body
  expect((await other.result(request_id)).status).toBe(403)
  expect((await other.result('never-issued')).status).toBe(404)
  expect((await shop.result(request_id)).status).toBe(500)
})

it.each([
  ['numericTrackingIds', { tracking_id: 17 }, { tracking_id: '17' }],
  ['lowerCaseCurrencies', { currency: 'kzt' }, { currency: 'KZT' }],
  ['amountsAsText', { amount: '3245' }, { amount: 3245 }],
] as const)('%s: refused by default, or taken in the documented form', async (name, sent, taken) => {
  expect((await createShop(createSandbox()).pay(sent)).status).toBe(422)
  const shop = createShop(createSandbox({ [name]: 'taken' }))
  const { request_id } = (await shop.pay(sent)).body
  expect((await shop.result(request_id)).body.transaction).toMatchObject(taken)
})
