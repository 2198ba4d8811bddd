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

// Chromium's headless shell has no such cache, and WebKitGTK opens no windows under automation.
it.skipIf(server.browser !== 'firefox')(
  'a page that observes a payment goes in, and asks at once when it is out',
  async () => {
    const name = crypto.randomUUID()
    const script = new URL('./there-and-back.ts', import.meta.url).href
    window.open(`${baseUrl}/page?name=${name}&script=${encodeURIComponent(script)}`, '_blank', 'noopener')
    await vi.waitFor(async () => expect(await reported(name)).not.toEqual([]), { timeout: 15_000, interval: 100 })
    await vi.waitFor(async () => expect((await reported(name)).sort()).toEqual(['restored', 'settled']), {
      timeout: 5000,
    })
    // The window has closed itself: one in front would leave the next tests in a hidden page.
    await vi.waitFor(() => expect(document.visibilityState).toBe('visible'), { timeout: 5000 })
  },
)
