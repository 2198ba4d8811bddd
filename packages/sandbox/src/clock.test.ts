import { expect, it } from 'vitest'
import { createManualClock } from '../testing/manual-clock.ts'
import { sleep } from './clock.ts'

it('sleeps until the clock has moved that far', async () => {
  const clock = createManualClock()
  let awake = false
  const slept = sleep(clock, 100, []).then(() => {
    awake = true
  })
  clock.advance(99)
  await Promise.resolve()
  expect(awake).toBe(false)
  clock.advance(1)
  await slept
  expect(awake).toBe(true)
})

it('is woken by the first signal with its reason, and leaves neither timer nor listener', async () => {
  const clock = createManualClock()
  const controller = new AbortController()
  const slept = sleep(clock, 100, [new AbortController().signal, controller.signal])
  controller.abort('enough')
  await expect(slept).rejects.toBe('enough')
  expect(clock.nextIn()).toBeUndefined()
})

it('does not begin to sleep under an aborted signal', async () => {
  await expect(sleep(createManualClock(), 100, [AbortSignal.abort('too late')])).rejects.toBe('too late')
})
