import { afterEach, describe, expect, it, vi } from 'vitest'
import { createSimulatedClock } from './simulated-clock.ts'

afterEach(() => vi.unstubAllGlobals())

describe('a simulated clock', () => {
  it('fires what is due, in order, at its time', async () => {
    const clock = createSimulatedClock(1000)
    const fired: [string, number][] = []
    clock.setTimeout(() => fired.push(['late', clock.now()]), 200)
    clock.setTimeout(() => fired.push(['early', clock.now()]), 100)
    clock.clearTimeout(clock.setTimeout(() => fired.push(['never', 0]), 50))
    await clock.advance(150)
    expect(fired).toEqual([['early', 1100]])
    expect(clock.now()).toBe(1150)
    await clock.advance(50)
    expect(fired.at(-1)).toEqual(['late', 1200])
    expect(clock.pending).toBe(0)
  })

  it('fires a timer that a timer set, within the same advance', async () => {
    const clock = createSimulatedClock()
    const chain: number[] = []
    const next = (): void => {
      chain.push(clock.now())
      if (chain.length < 3) clock.setTimeout(next, 10)
    }
    clock.setTimeout(next, 10)
    await clock.advance(30)
    expect(chain).toHaveLength(3)
  })

  it('moves on until a promise settles, and says when nothing could settle it', async () => {
    const clock = createSimulatedClock()
    const startedAt = clock.now()
    await clock.until(new Promise<void>((resolve) => clock.setTimeout(resolve, 86_400_000)))
    expect(clock.now() - startedAt).toBe(86_400_000)
    await expect(clock.until(new Promise(() => {}))).rejects.toThrow('Nothing is left')
  })

  it('waits for WebCrypto, which runs on other threads', async () => {
    const clock = createSimulatedClock()
    const signed = (async () => {
      const algorithm = { name: 'HMAC', hash: 'SHA-256' }
      for (let rounds = 0; rounds < 20; rounds++) {
        const key = await crypto.subtle.importKey('raw', new Uint8Array(32), algorithm, false, ['sign'])
        await crypto.subtle.sign('HMAC', key, new Uint8Array(100_000))
      }
      return 'signed'
    })()
    const late = new Promise<string>((resolve) => clock.setTimeout(() => resolve('late'), 1000))
    expect(await clock.until(Promise.race([signed, late]))).toBe('signed')
  })

  it('works where there is no setImmediate, as in a browser', async () => {
    vi.stubGlobal('setImmediate', undefined)
    const clock = createSimulatedClock(1000)
    const settled = new Promise<number>((resolve) => clock.setTimeout(() => resolve(clock.now()), 100))
    expect(await clock.until(settled)).toBe(1100)
  })

  it('jumps without firing, as a laptop that sleeps', async () => {
    const clock = createSimulatedClock(1000)
    let fired = false
    clock.setTimeout(() => {
      fired = true
    }, 100)
    clock.jump(3_600_000)
    expect(clock.now()).toBe(3_601_000)
    await clock.advance(99)
    expect(fired).toBe(false)
    await clock.advance(1)
    expect(fired).toBe(true)
  })
})
