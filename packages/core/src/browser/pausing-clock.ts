/** Time that stands still while the page is offline, for a while. */
import type { Clock } from '../lib/clock.ts'
import type { OfflineHint } from './offline-hint.ts'
import { once, type Page } from './page.ts'

/** A page that is said to be offline for longer tries all the same, in milliseconds. */
const BELIEVED_MS = 30_000

interface Timer {
  cancel(): void
}

/**
 * A clock whose timers wait for the network: one that comes due offline starts again when the page is back online, so that
 * not all that is overdue fires at once. No try is wasted, and no time-out strikes a request that could not have been sent.
 * After 30 seconds it fires anyway: `navigator.onLine` is a hint.
 */
export const pausingClock = (clock: Clock, page: Page, offline: OfflineHint): Clock => ({
  now: () => clock.now(),
  setTimeout(callback, delayMs) {
    const timer: Timer = { cancel: () => {} }
    const start = (): void => {
      const running = clock.setTimeout(() => (offline.holds() ? wait() : callback()), delayMs)
      timer.cancel = () => clock.clearTimeout(running)
    }
    const wait = (): void => {
      const leave = (): void => {
        clock.clearTimeout(trying)
        forget()
      }
      // A page that comes back from the back-forward cache was not told that it is online.
      const forget = once(page, ['online', 'pageshow'], () => {
        leave()
        start()
      })
      const trying = clock.setTimeout(() => {
        leave()
        callback()
      }, BELIEVED_MS)
      timer.cancel = leave
    }
    start()
    return timer
  },
  clearTimeout: (timer) => (timer as Timer | undefined)?.cancel(),
})
