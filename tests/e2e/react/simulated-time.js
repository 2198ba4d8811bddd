/** A script for a page, before all others: its clock can be set forward, and it can be made to believe that it is hidden. */
{
  const real = { setTimeout: setTimeout.bind(window), clearTimeout: clearTimeout.bind(window), now: Date.now }
  const timers = new Map()
  let ahead = 0
  let ids = 1_000_000

  const arm = (id, timer) => {
    real.clearTimeout(timer.armed)
    timer.armed = real.setTimeout(() => fire(id), Math.max(0, timer.due - Date.now()))
  }
  const fire = (id) => {
    const timer = timers.get(id)
    timers.delete(id)
    timer?.callback()
  }
  Date.now = () => real.now() + ahead
  window.setTimeout = (callback, delayMs = 0, ...rest) => {
    const timer = { due: Date.now() + delayMs, callback: () => callback(...rest) }
    ids += 1
    timers.set(ids, timer)
    arm(ids, timer)
    return ids
  }
  window.clearTimeout = (id) => {
    real.clearTimeout(timers.get(id)?.armed)
    timers.delete(id)
  }

  /** What the page waits for that is no timer: answers, locks, its storage. */
  let busy = 0
  const counted = (holder, method, settled) => {
    const original = holder[method]
    holder[method] = function (...given) {
      busy += 1
      const pending = original.apply(this, given)
      settled(pending, () => {
        busy -= 1
      })
      return pending
    }
  }
  const promised = (pending, done) => pending.then(done, done)
  const listened =
    (...types) =>
    (pending, done) => {
      for (const type of types) pending.addEventListener(type, done)
    }
  counted(window, 'fetch', promised)
  counted(LockManager.prototype, 'request', promised)
  counted(IDBFactory.prototype, 'open', listened('success', 'error'))
  counted(IDBDatabase.prototype, 'transaction', listened('complete', 'abort'))

  const fireNext = (end) => {
    const [next] = [...timers].sort(([, a], [, b]) => a.due - b.due)
    const due = Math.min(next?.[1].due ?? end, end)
    ahead += Math.max(0, due - Date.now())
    if (!next || next[1].due > end) return false
    real.clearTimeout(next[1].armed)
    fire(next[0])
    return true
  }
  /**
   * Time passes until `end`, with all that comes due, or until the page waits for something. Returns whether it does: call
   * again a little later, and do not wait in the page, since WebKit does little else while a script of its driver runs.
   */
  window.goOn = async (end) => {
    while (!busy) {
      if (!fireNext(end)) {
        for (const [id, timer] of timers) arm(id, timer)
        return false
      }
      // What came due may be a few promises away from what it waits for.
      for (let turns = 0; turns < 100; turns++) await null
    }
    return true
  }
  window.hide = (hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden })
    Object.defineProperty(document, 'visibilityState', {
      configurable: true,
      get: () => (hidden ? 'hidden' : 'visible'),
    })
    document.dispatchEvent(new Event('visibilitychange'))
  }
}
