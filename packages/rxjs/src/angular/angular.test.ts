import '@angular/compiler'
import { createEnvironmentInjector, type EnvironmentInjector, Injector, runInInjectionContext } from '@angular/core'
import { type Client, memoryJournal } from '@async-transaction/core'
import { expect, it } from 'vitest'
import { cards, createCheckout, order } from '../../../../tests/conformance/checkout.ts'
import { injectPayment, injectTransactions, provideAsyncTransactions } from './index.ts'

const none = Injector.NULL as EnvironmentInjector

function application(client: Client, clients: Client[] = []): EnvironmentInjector {
  const create = (): Client => {
    clients.push(client)
    return client
  }
  return createEnvironmentInjector([provideAsyncTransactions(create)], none)
}

it('gives the client that is provided, made once, and says what is missing without one', () => {
  const { client } = createCheckout()
  const made: Client[] = []
  const app = application(client, made)
  expect(made).toEqual([])
  for (let time = 0; time < 2; time++) expect(runInInjectionContext(app, injectTransactions)).toBe(client)
  expect(made).toEqual([client])
  const empty = createEnvironmentInjector([], none)
  expect(() => runInInjectionContext(empty, injectTransactions)).toThrow('provideAsyncTransactions')
})

it('shows a payment as signals, charges it once, and ends with its injector', async () => {
  const { client, clock, sandbox } = createCheckout({}, { latencyMs: 5000 })
  const app = application(client)
  const component = createEnvironmentInjector([], app)
  const payment = injectPayment('payments', { injector: component })
  expect([payment.state().status, payment.isPending()]).toEqual(['idle', false])
  const request = order()
  const task = payment.submit(request)
  expect(payment.submit(request)).toBe(task)
  expect(payment.submit({ ...request })).toBe(task)
  expect([payment.state().status, payment.isPending(), payment.task()]).toEqual(['submitting', true, task])
  await clock.advance(1000)
  expect(payment.state().status).toBe('processing')
  const asked = () => sandbox.requests().filter(({ operation }) => operation === 'status').length
  component.destroy()
  await clock.advance(0)
  const before = asked()
  await clock.advance(60_000)
  expect(asked()).toBe(before)

  const again = injectPayment('payments', { injector: createEnvironmentInjector([], app) })
  again.submit(request)
  await clock.advance(60_000)
  expect(again.state()).toMatchObject({ status: 'result', transaction: { status: 'successful' } })
  expect(sandbox.charges()).toBe(1)
})

it('picks an order up from the journal, and follows 3-D Secure', async () => {
  const journal = memoryJournal()
  const { client, clock, sandbox } = createCheckout({ journal })
  const request = order({}, cards.threeDSecure)
  await clock.until(client.submit('payments', request).outcome())
  const recover = { trackingId: request.tracking_id as string }
  const payment = injectPayment('payments', { injector: application(client), recover })
  expect(payment.isPending()).toBe(true)
  await clock.advance(0)
  expect(payment.state()).toMatchObject({ status: 'result', transaction: { status: 'incomplete' } })
  const { redirect_url } = (payment.state() as { transaction: { redirect_url: string } }).transaction
  await sandbox.fetch(new Request(redirect_url, { method: 'POST' }))
  await clock.advance(60_000)
  expect(payment.state()).toMatchObject({ transaction: { status: expect.stringMatching(/successful|incomplete/) } })
  expect(sandbox.requests().filter(({ operation }) => operation === 'submit')).toHaveLength(1)
})

it('after a decline a second card is a new payment', async () => {
  const { client, clock, sandbox } = createCheckout()
  const payment = injectPayment('payments', { injector: application(client) })
  const declined = order({}, cards.declined)
  payment.submit(declined)
  await clock.advance(20_000)
  expect(payment.state()).toMatchObject({ transaction: { status: 'failed' } })
  payment.submit({ ...declined, credit_card: order().credit_card ?? {} })
  await clock.advance(20_000)
  expect(payment.state()).toMatchObject({ transaction: { status: 'successful' } })
  expect(sandbox.requests().filter(({ operation }) => operation === 'submit')).toHaveLength(2)
})

it('shows the result that repaired an end', async () => {
  const { client, clock, sandbox } = createCheckout({}, { latencyMs: 1000 })
  sandbox.fault({ on: 'status', kind: 'forget', charged: true })
  sandbox.fault({ on: 'lookup', kind: 'http', status: 200, body: { transactions: [] }, times: 5 })
  const payment = injectPayment('payments', { injector: application(client) })
  payment.submit(order())
  await clock.advance(60_000)
  expect(payment.state().status).toBe('unknown')
  await clock.until(payment.lookup())
  expect(payment.state()).toMatchObject({ status: 'result', transaction: { status: 'successful' } })
})
