/** Time that stands still while the page is offline. */
import type { Clock } from '../lib/clock.ts'
import { isOffline, once, type Page } from './page.ts'

interface Timer {
  cancel(): void
}

/**
 * A clock whose timers wait for the network: one that comes due offline starts again when the page is back online. So
 * nothing is asked in vain, no try is wasted, and no time-out strikes what could not have been sent.
 */
export const pausingClock = (clock: Clock, page: Page): Clock => ({
  now: () => clock.now(),
  setTimeout(callback, delayMs) {
    const timer: Timer = { cancel: () => {} }
    const start = (): void => {
      const running = clock.setTimeout(() => (isOffline(page) ? wait() : callback()), delayMs)
      timer.cancel = () => clock.clearTimeout(running)
    }
    // A page that comes back from the back-forward cache was not told that it is online.
    const wait = (): void => {
      timer.cancel = once(page, ['online', 'pageshow'], start)
    }
    start()
    return timer
  },
  clearTimeout: (timer) => (timer as Timer | undefined)?.cancel(),
})
