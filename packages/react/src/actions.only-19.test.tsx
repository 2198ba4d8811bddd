/** The hook in React 19's actions: the action ends when the outcome is known, and what happens until then is seen. */
import type { Client, Outcome } from '@async-transaction/core'
import { act, StrictMode, useActionState } from 'react'
import { afterEach, expect, it } from 'vitest'
import { closePages, openPage } from '../testing/page.ts'
import { createShop, order } from '../testing/shop.ts'
import { useAsyncTransaction } from './index.ts'

afterEach(closePages)

const requestOf = (form: FormData) => order({ description: String(form.get('description')) })

function WithState({ client }: { client: Client }) {
  const { submit, status } = useAsyncTransaction(client, { type: 'payments' })
  const [outcome, pay, isPending] = useActionState<Outcome | undefined, FormData>(
    (_, form) => submit(requestOf(form)).outcome(),
    undefined,
  )
  return (
    <form action={pay}>
      <input name="description" defaultValue="Order 17" />
      <button type="submit">pay</button>
      <p>{[status, outcome?.status, isPending && 'pending'].filter(Boolean).join(' ')}</p>
    </form>
  )
}

function WithFormAction({ client }: { client: Client }) {
  const { submit, status, isPending } = useAsyncTransaction(client, { type: 'payments' })
  return (
    <form
      action={async (form) => {
        await submit(requestOf(form)).outcome()
      }}
    >
      <input name="description" defaultValue="Order 17" />
      <button type="submit">pay</button>
      <p>{[status, status === 'result' && 'result', isPending && 'pending'].filter(Boolean).join(' ')}</p>
    </form>
  )
}

it.each([
  ['useActionState', WithState],
  ['action of a form', WithFormAction],
])('%s: sent twice, charged once, and seen while it waits', async (_, Shop) => {
  const { client, clock, sandbox, requests } = createShop()
  const page = await openPage(
    <StrictMode>
      <Shop client={client} />
    </StrictMode>,
  )
  const shown = (): string => page.html().match(/<p>(.*)<\/p>/)?.[1] ?? ''
  expect(shown()).toBe('idle')
  await page.click('button', 2)
  await act(() => clock.advance(100))
  expect(shown()).toBe('processing pending')
  await act(() => clock.advance(20_000))
  expect(shown()).toBe('result result')
  expect(sandbox.transactions()).toMatchObject([{ description: 'Order 17', status: 'successful' }])
  expect(sandbox.charges()).toBe(1)
  expect(requests('submit')).toBe(1)
})
