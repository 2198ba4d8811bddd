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

  let asking = 0
  const ask = window.fetch.bind(window)
  window.fetch = (...request) => {
    asking += 1
    return ask(...request).finally(() => {
      asking -= 1
    })
  }

  /** Goes on to the next timer, if it comes due until `end`, or to `end`. Returns whether there is more to come. */
  window.goOn = (end) => {
    if (asking) return true
    const [next] = [...timers].sort(([, a], [, b]) => a.due - b.due)
    const due = Math.min(next?.[1].due ?? end, end)
    ahead += Math.max(0, due - Date.now())
    if (next && next[1].due <= end) {
      real.clearTimeout(next[1].armed)
      fire(next[0])
      return true
    }
    for (const [id, timer] of timers) arm(id, timer)
    return false
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
