import { expect, it, vi } from 'vitest'
import { createClient } from '../client/create-client.ts'
import { createSimulatedClock } from '../lib/simulated-clock.ts'
import { webStorageJournal } from './web-storage-journal.ts'

it.each<[string, () => never]>([
  [
    'denied, as in a frame without storage',
    () => {
      throw new DOMException('The operation is insecure', 'SecurityError')
    },
  ],
  [
    'missing, as on a server',
    () => {
      throw new ReferenceError('sessionStorage is not defined')
    },
  ],
])('a storage that is %s warns, and stops neither the module nor the payment', async (_, storage) => {
  const onEvent = vi.fn()
  const client = createClient({
    baseUrl: 'https://gateway.test',
    auth: () => 'Bearer x',
    clock: createSimulatedClock(),
    journal: webStorageJournal(storage),
    fetch: async () => new Response('{"status":"processing","request_id":"task-1"}'),
    onEvent,
  })
  const request = { amount: 1, currency: 'KZT', description: 'Order', credit_card: {} }
  await expect(client.submit('payments', request).accepted()).resolves.toMatchObject({ requestId: 'task-1' })
  await expect(client.recover()).resolves.toEqual([])
  expect(onEvent).toHaveBeenCalledWith(expect.objectContaining({ type: 'warning', warning: 'journal-failed' }))
})

it('a storage is looked up at each use', () => {
  const used: string[] = []
  const storage = {
    length: 1,
    key: () => 'key',
    getItem: () => 'value',
    setItem: (key: string) => void used.push(key),
    removeItem: () => {},
  }
  const journal = webStorageJournal(() => storage)
  journal.setItem('a', '1')
  expect([used, journal.getItem('a'), journal.getKeys()]).toEqual([['a'], 'value', ['key']])
  expect(webStorageJournal(storage).getKeys()).toEqual(['key'])
})
