import { createSimulatedClock } from '@async-transaction/core/testing'
import { expect, it } from 'vitest'
import { readBody } from './read-body.ts'

/** A request whose body trickles: one byte, and then nothing until it is cancelled. */
function trickling(): { request: Request; left: Promise<void> } {
  let leave = (): void => {}
  const left = new Promise<void>((resolve) => {
    leave = resolve
  })
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new Uint8Array(1)),
    cancel: () => leave(),
  })
  const request = new Request('https://shop.example/', { method: 'POST', body, duplex: 'half' } as RequestInit)
  return { request, left }
}

it('gives up a body that takes longer than 30 seconds, and lets its connection go', async () => {
  const clock = createSimulatedClock()
  const { request, left } = trickling()
  const reading = readBody(request, 64, clock)
  reading.catch(() => {})
  await clock.advance(29_999)
  expect(await Promise.race([reading.catch(() => 'rejected'), Promise.resolve('waiting')])).toBe('waiting')
  await clock.advance(1)
  await expect(reading).rejects.toThrow('too long')
  await left
})

it('leaves no timer behind', async () => {
  const clock = createSimulatedClock()
  const timers = new Set<unknown>()
  const counting = {
    ...clock,
    now: () => clock.now(),
    setTimeout(callback: () => void, ms: number) {
      const timer = clock.setTimeout(callback, ms)
      timers.add(timer)
      return timer
    },
    clearTimeout: (timer: unknown) => void timers.delete(timer),
  }
  for (const body of ['{}', 'x'.repeat(65)])
    await readBody(new Request('https://shop.example/', { method: 'POST', body }), 64, counting)
  expect(timers.size).toBe(0)
})
