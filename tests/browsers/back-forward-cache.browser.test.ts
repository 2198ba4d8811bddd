/** A real navigation away and back, in a window of its own. */
import { expect, inject, it, vi } from 'vitest'
import { server } from 'vitest/browser'

const baseUrl = inject('gatewayUrl')

async function reported(name: string): Promise<string[]> {
  const { requests } = await (await fetch(`${baseUrl}/sandbox/requests`)).json()
  const ours = requests.filter(
    ({ operation, trackingId = '' }: { operation: string; trackingId?: string }) =>
      operation === 'lookup' && trackingId.endsWith(name),
  )
  return ours.map(({ trackingId }: { trackingId: string }) => trackingId.slice(0, -name.length - 1))
}

// WebKitGTK opens no windows under automation.
it.skipIf(server.browser === 'safari')('a page that observes a payment is not kept out of it by that', async () => {
  const name = crypto.randomUUID()
  const script = new URL('./there-and-back.ts', import.meta.url).href
  window.open(`${baseUrl}/page?name=${name}&script=${encodeURIComponent(script)}`, '_blank', 'noopener')
  await vi.waitFor(async () => expect(await reported(name)).not.toEqual([]), { timeout: 15_000, interval: 100 })
  // The headless shell of Chromium has no such cache, which is a reason it does not name; what a page does, it names.
  const expected = server.browser === 'chromium' ? ['kept out by masked'] : ['restored', 'settled']
  await vi.waitFor(async () => expect((await reported(name)).sort()).toEqual(expected), { timeout: 5000 })
})
