/** A lock of the origin, held by one tab at a time. */
import type { Clock } from '../lib/clock.ts'
import { once, type Page } from './page.ts'

export interface LockOptions {
  readonly page: Page
  readonly clock: Clock
  readonly name: string
  /** Ends the wait, and what is done under the lock is waited for no longer. */
  readonly signal: AbortSignal
  /**
   * For how much longer the tab that holds it is waited for, in milliseconds. With nothing left that tab is frozen, and the
   * lock is taken from it.
   */
  readonly patience: () => Promise<number>
}

/**
 * Does `work` while no other tab does. A page that goes away lets go at once, since a lock would keep it out of the
 * back-forward cache. `otherwise`, where the browser grants no locks.
 */
export function exclusively<T>(
  { page, clock, name, signal, patience }: LockOptions,
  work: () => Promise<T>,
  otherwise: () => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const gone = new AbortController()
    const waiting = new AbortController()
    const go = (): void => {
      gone.abort()
      waiting.abort()
    }
    const forgetPage = once(page, ['pagehide'], go)
    signal.addEventListener('abort', go)
    const left = new Promise<void>((done) => {
      gone.signal.addEventListener('abort', () => done())
    })
    let working = false
    let timer: unknown
    const hold = (): Promise<unknown> => {
      working = true
      const worked = work()
      worked.then(resolve, reject)
      return Promise.race([worked, left])
    }
    const watch = async (): Promise<void> => {
      const patienceMs = await patience()
      if (working || waiting.signal.aborted) return
      if (patienceMs > 0) timer = clock.setTimeout(() => void watch(), patienceMs)
      else waiting.abort()
    }
    const request = async (how: { signal: AbortSignal } | { steal: true }): Promise<void> => {
      try {
        await page.navigator?.locks?.request(name, how, hold)
      } catch (error) {
        // Stolen from us, or the work failed: that has been told.
        if (working) return
        if (gone.signal.aborted) reject(error)
        else if (waiting.signal.aborted && !('steal' in how)) await request({ steal: true })
        else otherwise().then(resolve, reject)
      }
    }
    void watch()
    void request({ signal: waiting.signal }).finally(() => {
      // The wait may be looked at once more: it is over.
      waiting.abort()
      clock.clearTimeout(timer)
      forgetPage()
      signal.removeEventListener('abort', go)
    })
  })
}
