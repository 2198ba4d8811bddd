/** What else is used to send a request from a component, and how often it charges. The README's table is this one. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { QueryClient, QueryClientProvider, useMutation, useQuery } from '@tanstack/react-query'
import { act, type ReactNode, StrictMode, useEffect } from 'react'
import { afterEach, expect, it, vi } from 'vitest'
import { closePages, openPage } from '../testing/page.ts'
import { createShop, order, type Shop } from '../testing/shop.ts'
import { useAsyncTransaction } from './index.ts'

afterEach(closePages)

/** What one writes without a library: no idempotency key, since `fetch` has none. */
const post = async ({ sandbox }: Shop): Promise<unknown> => {
  const response = await sandbox.fetch(
    new Request('https://gateway.test/async/transactions/payments', {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('361:a-secret-key')}`, 'content-type': 'application/json' },
      body: JSON.stringify({ request: order() }),
    }),
  )
  return response.json()
}

const queries = { defaultOptions: { queries: { retryDelay: 1 }, mutations: { retryDelay: 1 } } }
let queryClient = new QueryClient(queries)
const withQueries = (children: ReactNode) => {
  queryClient = new QueryClient(queries)
  return <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
}

const ways: Record<string, (shop: Shop) => { element: ReactNode; clicks?: number; lost?: boolean; remount?: boolean }> =
  {
    '`useEffect` and `fetch`, StrictMode': (shop) => {
      const Pay = () => {
        useEffect(() => void post(shop))
        return null
      }
      return { element: <Pay /> }
    },
    '`useQuery`, the first answer is lost': (shop) => {
      const Pay = () => useQuery({ queryKey: ['pay'], queryFn: () => post(shop) }).status
      return { element: withQueries(<Pay />), lost: true }
    },
    '`useQuery`, unmounted and mounted again': (shop) => {
      const Pay = () => useQuery({ queryKey: ['pay'], queryFn: () => post(shop) }).status
      return { element: withQueries(<Pay />), remount: true }
    },
    '`useMutation`, double click': (shop) => {
      const Pay = () => {
        const { mutate } = useMutation({ mutationFn: () => post(shop) })
        return <button type="button" onClick={() => mutate()} />
      }
      return { element: withQueries(<Pay />), clicks: 2 }
    },
    '`useMutation` with `retry: 3`, the first answer is lost': (shop) => {
      const Pay = () => {
        const { mutate } = useMutation({ mutationFn: () => post(shop), retry: 3 })
        return <button type="button" onClick={() => mutate()} />
      }
      return { element: withQueries(<Pay />), clicks: 1, lost: true }
    },
    '`useAsyncTransaction`, all of these at once': ({ client }) => {
      const Pay = () => {
        const { submit } = useAsyncTransaction(client, { type: 'payments' })
        useEffect(() => void submit(order()), [submit])
        return <button type="button" onClick={() => submit(order())} />
      }
      return { element: <Pay />, clicks: 2, lost: true, remount: true }
    },
  }

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')

it.each(Object.entries(ways))('%s: charges as the README says', async (name, way) => {
  const shop = createShop()
  const { element, clicks = 0, lost, remount } = way(shop)
  if (lost) shop.sandbox.fault({ on: 'submit', kind: 'drop-after' })
  const page = await openPage(<StrictMode>{element}</StrictMode>)
  if (clicks) await page.click('button', clicks)
  const settle = async () => {
    await act(() => vi.waitUntil(() => queryClient.isFetching() + queryClient.isMutating() === 0))
    await act(() => shop.clock.advance(30_000))
  }
  await settle()
  if (remount) {
    await page.render(null)
    await page.render(<StrictMode>{element}</StrictMode>)
    if (clicks) await page.click('button', clicks)
    await settle()
  }
  const row = readme.split('\n').find((line) => line.startsWith(`| ${name} `))
  const cells = row?.split('|').map((cell) => cell.trim())
  expect([shop.requests('submit'), shop.sandbox.charges()].map(String)).toEqual(cells?.slice(2, 4))
})
