/** What the gateway says once survives: stored before it is told, read by one reader at a time, whoever leaves. */
import { createSimulatedClock } from '@async-transaction/core/testing'
import { memoryOutcomes, type OutcomeStore } from '@async-transaction/proxy'
import { describe, expect, it } from 'vitest'
import { BASE, createMovableClock, createShop, newOrder, requestFor, send } from './shop.ts'

const BLOWN_UP = "We're sorry, but something went wrong"

/** A charge that was accepted and blew up: its error can be read once. */
async function blownUp(options: Parameters<typeof createShop>[0] = {}) {
  const shop = createShop(options)
  const order = newOrder()
  const token = await shop.token(order)
  shop.sandbox.fault({ on: 'submit', kind: 'error', trackingId: order.trackingId })
  const { body } = await shop.post(token, requestFor(order))
  const id: string = body.request_id
  /** Polls of the gateway: one that brings the error, and one that confirms it. */
  const reads = (): number => shop.upstream().filter((operation) => /status|result/.test(operation)).length
  return { ...shop, order, token, id, reads }
}

describe('an error that is delivered once', () => {
  it.each(['status', 'result'] as const)('is read once, by %s, and given to everybody after', async (which) => {
    const { call, token, id, reads } = await blownUp()
    for (let times = 0; times < 3; times++)
      for (const operation of [which, 'status', 'result'])
        expect(await call(`/async/${operation}/${id}`, { token })).toMatchObject({
          status: 500,
          body: { message: BLOWN_UP },
        })
    expect(reads()).toBe(2)
  })

  it('reaches the client as the gateway’s error, and another client after it', async () => {
    const { browser, sandbox, token } = createShop()
    const order = newOrder()
    const charge = await token(order)
    sandbox.fault({ on: 'submit', kind: 'error' })
    const task = browser(charge).submit('payments', requestFor(order))
    const handle = await task.accepted()
    const expected = { status: 'error', error: { code: 'gateway-error', message: BLOWN_UP, effect: 'unknown' } }
    expect(await task.outcome()).toMatchObject(expected)
    expect(
      await browser(await token(order))
        .resume(handle)
        .outcome(),
    ).toMatchObject(expected)
  })

  it('is read once by ten that ask at once', async () => {
    const { call, token, id, reads } = await blownUp()
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => call(`/async/${index % 2 ? 'status' : 'result'}/${id}`, { token })),
    )
    for (const answer of answers) expect(answer).toMatchObject({ status: 500, body: { message: BLOWN_UP } })
    expect(reads()).toBe(2)
  })

  it('is replayed for 24 hours, then forgotten as at the gateway', async () => {
    const { call, token, id, clock } = await blownUp()
    await call(`/async/result/${id}`, { token })
    clock.move(24 * 60 * 60_000 - 10_000)
    expect((await call(`/async/result/${id}`, { token })).status).toBe(500)
    clock.move(20_000)
    expect((await call(`/async/result/${id}`, { token })).status).toBe(401)
  })

  it('came with a "try again later", and is told when the gateway knows nothing more', async () => {
    const { call, sandbox, token, id } = await blownUp()
    sandbox.fault({ on: 'result', kind: 'throttle', taken: true, message: 'It blew up', retryAfter: 2 })
    const throttled = await call(`/async/result/${id}`, { token })
    expect(throttled).toMatchObject({ status: 429, body: { message: 'Too many requests: try again later' } })
    expect(throttled.headers.get('retry-after')).toBe('2')
    expect(await call(`/async/result/${id}`, { token })).toMatchObject({ status: 500, body: { message: 'It blew up' } })
    expect(await call(`/async/status/${id}`, { token })).toMatchObject({ status: 500, body: { message: 'It blew up' } })
  })
})

describe('an error of a server on the way', () => {
  it('is told to no page: the task is read again in the same turn, and its result counts', async () => {
    const { call, sandbox, post, token } = createShop()
    const order = newOrder()
    const charge = await token(order)
    const { body } = await post(charge, requestFor(order))
    const path = `/async/result/${body.request_id}`
    sandbox.fault({ on: 'result', kind: 'proxy-json', status: 500 })
    expect(await call(path, { token: charge })).toMatchObject({
      status: 200,
      body: { transaction: { status: 'successful' } },
    })
  })

  it.each(['processing', 'completed'])(
    'ends when the task is seen %s later: a 404 after it confirms nothing',
    async (word) => {
      const { call, sandbox, post, token } = createShop({}, { latencyMs: word === 'processing' ? 60_000 : 0 })
      const order = newOrder()
      const charge = await token(order)
      const { body } = await post(charge, requestFor(order))
      const read = (operation: string) => call(`/async/${operation}/${body.request_id}`, { token: charge })
      // Both reads of the first turn meet that server.
      for (const on of ['status', 'result'] as const) sandbox.fault({ on, kind: 'proxy-json', status: 500 })
      expect(await read('status')).toMatchObject({ status: 200, body: { status: 'processing' } })
      expect(await read('status')).toMatchObject({ status: 200, body: { status: word } })
      sandbox.fault({ on: 'result', kind: 'forget' })
      expect(await read('result')).toMatchObject({ status: 404, body: { status: 'unknown', cause: 'not-found' } })
    },
  )

  it('is not confirmed by a 404 without the id of the task, which may be of that server', async () => {
    const { call, sandbox, post, token } = createShop({}, { latencyMs: 60_000 })
    const order = newOrder()
    const charge = await token(order)
    const { body } = await post(charge, requestFor(order))
    sandbox.fault({ on: 'result', kind: 'proxy-json', status: 500 })
    sandbox.fault({ on: 'result', kind: 'http', status: 404, body: { status: 'unknown' } })
    expect((await call(`/async/result/${body.request_id}`, { token: charge })).body).toMatchObject({
      status: 'processing',
    })
    expect(sandbox.requests().filter(({ operation }) => operation === 'lookup')).toHaveLength(0)
  })

  it('is kept until it is confirmed, though the lookup is not answered at first', async () => {
    const { call, sandbox, token, id, reads } = await blownUp()
    sandbox.fault({ on: 'lookup', kind: 'html' })
    expect((await call(`/async/result/${id}`, { token })).body).toEqual({ status: 'processing', request_id: id })
    const before = reads()
    expect(await call(`/async/result/${id}`, { token })).toMatchObject({
      status: 500,
      body: { message: BLOWN_UP, confirmed: true, effect: 'unknown' },
    })
    expect(reads()).toBe(before)
  })

  it('that repeats is looked up at the tenth, and the result that is listed counts', async () => {
    const { call, sandbox, post, token } = createShop({}, { latencyMs: 0 })
    const order = newOrder()
    const charge = await token(order)
    const { body } = await post(charge, requestFor(order))
    sandbox.fault({ on: 'result', kind: 'proxy-json', status: 500, times: 50 })
    let answer = await call(`/async/result/${body.request_id}`, { token: charge })
    for (let polls = 1; polls < 12 && answer.body.status === 'processing'; polls++)
      answer = await call(`/async/result/${body.request_id}`, { token: charge })
    expect(answer).toMatchObject({ status: 200, body: { transaction: { status: 'successful' } } })
  })

  it('has the effect "none" where the gateway refuses the card inside the task, and nothing is listed', async () => {
    const { call, sandbox, post, token } = createShop({}, { latencyMs: 60_000 })
    const order = newOrder()
    const charge = await token(order)
    const { body } = await post(charge, requestFor(order))
    const errors = { credit_card: { number: ['is not a card number'] } }
    sandbox.fault({ on: 'result', kind: 'http', status: 422, body: { response: { message: 'Refused', errors } } })
    sandbox.fault({ on: 'result', kind: 'forget' })
    expect(await call(`/async/result/${body.request_id}`, { token: charge })).toMatchObject({
      status: 422,
      body: { response: { message: 'Refused', errors }, confirmed: true, effect: 'none' },
    })
  })
})

describe('503 with a time to come back', () => {
  it('is returned as 503, without its words, to a page that reads a task', async () => {
    const { call, sandbox, token, id } = await blownUp()
    for (const operation of ['status', 'result'] as const) {
      sandbox.fault({ on: operation, kind: 'throttle', status: 503, message: 'Down for a while', retryAfter: 3 })
      const answer = await call(`/async/${operation}/${id}`, { token })
      expect(answer).toMatchObject({ status: 503, body: { message: 'There is no answer yet: ask again' } })
      expect(answer.headers.get('retry-after')).toBe('3')
    }
  })

  it('is told as 503 to who looks up', async () => {
    const { call, order, sandbox, token } = await blownUp()
    for (const path of [`/v2/transactions/tracking_id/${order.trackingId}`, `/transactions/${crypto.randomUUID()}`]) {
      sandbox.fault({ on: 'lookup', kind: 'throttle', status: 503, retryAfter: 3 })
      const answer = await call(path, { token })
      expect(answer.status).toBe(503)
      expect(answer.headers.get('retry-after')).toBe('3')
    }
  })
})

describe('a browser that is killed', () => {
  /** Calls `strike` at the n-th thing the proxy waits for; counts them. */
  const awaits = (strike: (step: number) => void) => {
    let step = 0
    const inner = memoryOutcomes()
    const at = async <T>(work: () => T | Promise<T>): Promise<T> => {
      strike(step++)
      const result = await work()
      strike(step++)
      return result
    }
    const store: OutcomeStore = {
      get: (key) => at(() => inner.get(key)),
      set: (key, record, ttlMs) => at(() => inner.set(key, record, ttlMs)),
      claim: (key, owner, ttlMs) => at(() => inner.claim(key, owner, ttlMs)),
    }
    return { inner, store, at, steps: () => step }
  }

  it.each(['status', 'result'])('at any await of a read of %s leaves the error to the next one', async (operation) => {
    for (let death = 0, steps = 1; death < steps; death++) {
      let armed = false
      let browser = new AbortController()
      const {
        store,
        at,
        steps: counted,
      } = awaits((step) => {
        if (armed && step - from === death) browser.abort()
      })
      let from = 0
      const shop = await blownUp({ outcomes: store })
      const kept: Promise<unknown>[] = []
      const reading = shop.another({ fetch: (request, init) => at(() => shop.sandbox.fetch(request, init)) as never })
      const request = (): Request =>
        new Request(`${BASE}/async/${operation}/${shop.id}`, {
          headers: { authorization: `Bearer ${shop.token}` },
          signal: browser.signal,
        })
      armed = true
      from = counted()
      const left = reading.fetch(request(), { waitUntil: (work) => kept.push(work) })
      // The server ends what it was told to keep alive; nobody reads the response.
      expect(kept).toHaveLength(1)
      void left
      await Promise.all(kept)
      steps = Math.max(steps, counted() - from)
      armed = false
      expect(browser.signal.aborted).toBe(true)
      browser = new AbortController()
      expect(
        await send(shop.proxy, `${BASE}/async/${operation}/${shop.id}`, { headers: request().headers as never }),
      ).toMatchObject({
        status: 500,
        body: { message: BLOWN_UP },
      })
      expect(shop.reads()).toBe(2)
    }
  })

  it('while its body is on the way charges nothing', async () => {
    const { proxy, sandbox, token } = createShop()
    const order = newOrder()
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"request":{"amount":'))
        controller.error(new Error('The browser is gone'))
      },
    })
    const answer = await send(proxy, `${BASE}/async/transactions/payments`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await token(order)}`, 'content-type': 'application/json' },
      body,
      duplex: 'half',
    } as RequestInit)
    expect(answer.status).toBe(400)
    expect(sandbox.requests()).toHaveLength(0)
  })
})

describe('a process that dies', () => {
  it('between asking and storing leaves the truth: the answer was lost', async () => {
    const storeClock = createMovableClock()
    const outcomes = memoryOutcomes(storeClock)
    const { another, clock, sandbox, token, id } = await blownUp({ outcomes })
    const heard: Promise<Response>[] = []
    const dying = another({
      fetch: (request, init) => {
        heard.push(sandbox.fetch(request, init))
        return new Promise<never>(() => {})
      },
      // It never wakes again.
      clock: { now: clock.now, setTimeout: () => 0, clearTimeout: () => {} },
    })
    void dying.fetch(new Request(`${BASE}/async/result/${id}`, { headers: { authorization: `Bearer ${token}` } }))
    while (heard.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await Promise.all(heard)
    // Its lease runs out.
    storeClock.move(10_000)
    const next = another()
    const answer = await send(next, `${BASE}/async/result/${id}`, { headers: { authorization: `Bearer ${token}` } })
    expect(answer).toMatchObject({ status: 404, body: { status: 'unknown', request_id: id, cause: 'answer-lost' } })
  })
})

describe('an answer that is lost on the way to the proxy', () => {
  it.each([
    ['drop-after', {}],
    ['truncate', {}],
    ['html', { taken: true }],
    ['empty', {}],
    ['garbage', {}],
    ['oversize', {}],
    ['foreign', {}],
    ['redirect', { location: 'https://evil.example/', taken: true }],
  ] as const)('by %s is a passing fault, and then told as lost', async (kind, more) => {
    const { call, sandbox, token, id } = await blownUp()
    sandbox.fault({ on: 'result', kind, ...more } as never)
    const fault = await call(`/async/result/${id}`, { token })
    expect(fault.status).toBe(503)
    expect(fault.headers.get('retry-after')).toMatch(/^\d+$/)
    expect(Object.keys(fault.body)).toEqual(['message'])
    expect(await call(`/async/result/${id}`, { token })).toMatchObject({
      status: 404,
      body: { status: 'unknown', request_id: id, cause: 'answer-lost' },
    })
  })

  it('ends at the client as unknown, answer-lost, not as an error of the proxy', async () => {
    const { browser, sandbox, token } = createShop()
    const order = newOrder()
    sandbox.fault({ on: 'submit', kind: 'error' })
    sandbox.fault({ on: 'status', kind: 'drop-after' })
    const outcome = await browser(await token(order))
      .submit('payments', requestFor(order))
      .outcome()
    expect(outcome).toMatchObject({ status: 'unknown', cause: 'answer-lost' })
  })

  it('is no loss when nothing was consumed: the next read brings the result', async () => {
    const { browser, sandbox, token } = createShop({}, { latencyMs: 50 })
    const order = newOrder()
    for (const kind of ['drop-before', 'html'] as const) sandbox.fault({ on: 'status', kind })
    sandbox.fault({ on: 'result', kind: 'http', status: 401, body: { message: 'Unauthorized' } })
    const outcome = await browser(await token(order))
      .submit('payments', requestFor(order))
      .outcome()
    expect(outcome).toMatchObject({ status: 'result', transaction: { status: 'successful' } })
  }, 40_000)

  it('stays without a cause of its own when nothing was lost', async () => {
    const { call, post, sandbox, token } = createShop()
    const order = newOrder()
    const charge = await token(order)
    sandbox.fault({ on: 'submit', kind: 'forget' })
    const { body } = await post(charge, requestFor(order))
    expect(await call(`/async/status/${body.request_id}`, { token: charge })).toMatchObject({
      status: 404,
      body: { status: 'unknown', cause: 'not-found' },
    })
  })
})

describe('the store', () => {
  const failing = (broken: () => readonly string[]): OutcomeStore => {
    const inner = memoryOutcomes()
    const unless = <T>(method: string, work: () => T): T => {
      if (broken().includes(method)) throw new Error('The store is down')
      return work()
    }
    return {
      get: (key) => unless('get', () => inner.get(key)),
      set: (key, record, ttlMs) => unless('set', () => inner.set(key, record, ttlMs)),
      claim: (key, owner, ttlMs) => unless('claim', () => inner.claim(key, owner, ttlMs)),
    }
  }

  it.each(['get', 'set', 'claim'])(
    'that fails to %s keeps everything from the gateway, until it works again',
    async (method) => {
      let broken: string[] = []
      const { call, token, id, reads, events } = await blownUp({ outcomes: failing(() => broken) })
      broken = [method]
      const answer = await call(`/async/result/${id}`, { token })
      expect(answer).toMatchObject({ status: 503, body: { message: expect.any(String) } })
      expect(answer.headers.get('retry-after')).toBeTruthy()
      expect(reads()).toBe(0)
      expect(events).toContainEqual(expect.objectContaining({ type: 'warning', warning: 'store-failed' }))
      broken = []
      expect(await call(`/async/result/${id}`, { token })).toMatchObject({ status: 500, body: { message: BLOWN_UP } })
      expect(reads()).toBe(2)
    },
  )

  describe('that cannot keep an outcome', () => {
    /** A charge whose outcome was read while the store took none. */
    async function unkept() {
      let full = true
      const stored = new Map<string, object>()
      const open = (): OutcomeStore => {
        const inner = memoryOutcomes()
        return {
          ...inner,
          set(key, record, ttlMs) {
            if (full && 'outcome' in record) throw new Error('The store is full')
            stored.set(key, record)
            return inner.set(key, record, ttlMs)
          },
        }
      }
      let store = open()
      const shop = await blownUp({
        outcomes: {
          get: (key) => store.get(key),
          set: (key, record, ttlMs) => store.set(key, record, ttlMs),
          claim: (key, owner, ttlMs) => store.claim(key, owner, ttlMs),
        },
      })
      const read = (operation: string, from = shop.proxy): ReturnType<typeof send> =>
        send(from, `${BASE}/async/${operation}/${shop.id}`, { headers: { authorization: `Bearer ${shop.token}` } })
      const first = await read('result')
      return {
        ...shop,
        read,
        first,
        stored,
        works: () => {
          full = false
        },
        loses: () => {
          store = open()
        },
      }
    }
    const blownUpAnswer = { status: 500, body: { message: BLOWN_UP } }

    it('tells nobody before it is kept, and does not lose it', async () => {
      const { first, read, reads, works, events, stored, id, another, proxy } = await unkept()
      expect(first.status).toBe(503)
      expect(first.headers.get('retry-after')).toBe('1')
      expect(events).toContainEqual(expect.objectContaining({ warning: 'outcome-not-stored' }))
      expect((await read('status')).status).toBe(503)
      expect(await proxy.check(id)).toMatchObject({ settled: false })
      works()
      expect(await read('status')).toMatchObject(blownUpAnswer)
      expect(stored.get(`task/${id}`)).toMatchObject({ outcome: { httpStatus: 500 } })
      expect(events).toContainEqual(expect.objectContaining({ type: 'settled', via: 'task' }))
      expect(await read('result', another())).toMatchObject(blownUpAnswer)
      expect(reads()).toBe(2)
    })

    it('has it told by the client as if nothing had been', async () => {
      const { browser, token, order, works } = await unkept()
      setTimeout(works, 1500)
      const outcome = await browser(token).submit('payments', requestFor(order)).outcome()
      expect(outcome).toMatchObject({ status: 'error', error: { code: 'gateway-error', message: BLOWN_UP } })
    }, 30_000)

    it('has it told by a check, when every browser has left', async () => {
      const { proxy, id, read, works, another } = await unkept()
      works()
      expect(await proxy.check(id)).toMatchObject({ settled: true })
      expect(await read('result', another())).toMatchObject(blownUpAnswer)
    })

    it('nor what came with a "try again later", which was the error after all', async () => {
      let full = false
      const inner = memoryOutcomes()
      const { call, sandbox, token, id } = await blownUp({
        outcomes: {
          get: (key) => inner.get(key),
          claim: (key, owner, ttlMs) => inner.claim(key, owner, ttlMs),
          set(key, record, ttlMs) {
            if (full && 'lastWords' in record) throw new Error('The store is full')
            return inner.set(key, record, ttlMs)
          },
        },
      })
      sandbox.fault({ on: 'result', kind: 'throttle', taken: true, message: 'It blew up', retryAfter: 1 })
      full = true
      expect((await call(`/async/result/${id}`, { token })).status).toBe(429)
      full = false
      expect(await call(`/async/result/${id}`, { token })).toMatchObject({
        status: 500,
        body: { message: 'It blew up' },
      })
    })

    it('has it told after another process asked in vain', async () => {
      const { read, another, works } = await unkept()
      const other = another()
      expect((await read('result', other)).status).toBe(503)
      works()
      expect(await read('result')).toMatchObject(blownUpAnswer)
      expect(await read('result', other)).toMatchObject(blownUpAnswer)
    })

    it('and loses what it had has it told all the same, to its own intent alone', async () => {
      const { call, loses, read, works, id, token, proxy } = await unkept()
      works()
      loses()
      const foreign = await proxy.issue({ type: 'payments', ...newOrder() })
      expect((await call(`/async/result/${id}`, { token: foreign })).status).toBe(404)
      expect(await read('result')).toMatchObject(blownUpAnswer)
      loses()
      expect((await call(`/async/result/${id}`, { token })).status).toBe(404)
    })
  })

  it('that hangs is a store that failed', async () => {
    let hangs = false
    const inner = memoryOutcomes()
    const { another, clock, id, token } = await blownUp({
      outcomes: { ...inner, get: (key) => (hangs ? new Promise(() => {}) : inner.get(key)) },
    })
    hangs = true
    const quick = {
      now: clock.now,
      setTimeout: (callback: () => void, ms: number) => setTimeout(callback, ms / 100),
      clearTimeout: clock.clearTimeout,
    }
    const answer = await send(another({ clock: quick }), `${BASE}/async/result/${id}`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(answer.status).toBe(503)
  })
})

describe('a repeat of the intent', () => {
  it('wipes no outcome that is kept, though the store forgot the intent', async () => {
    const inner = memoryOutcomes()
    const forgets = (key: string): boolean => /^(intent|order)/.test(key)
    const { get, set, claim } = inner
    const { call, post, token, id, order, reads } = await blownUp({
      outcomes: { get, claim, set: (key, record, ttlMs) => forgets(key) || set(key, record, ttlMs) },
    })
    await call(`/async/result/${id}`, { token })
    const before = reads()
    expect((await post(token, requestFor(order))).body.request_id).toBe(id)
    expect(await call(`/async/result/${id}`, { token })).toMatchObject({ status: 500, body: { message: BLOWN_UP } })
    expect(reads()).toBe(before)
  })
})

describe('a reader that stands still for two leases', () => {
  it('loses nothing: another one hears the 404 meanwhile, and both end in the error that the first had read', async () => {
    const clock = createSimulatedClock()
    const outcomes = memoryOutcomes(clock)
    const shop = createShop({ clock, outcomes }, { clock })
    const order = newOrder()
    const token = await clock.until(shop.token(order))
    shop.sandbox.fault({ on: 'submit', kind: 'error', trackingId: order.trackingId })
    const { body } = await clock.until(shop.post(token, requestFor(order)))
    await clock.advance(10_000)
    const headers = { authorization: `Bearer ${token}` }
    const read = (proxy: Parameters<typeof send>[0]) =>
      send(proxy, `${BASE}/async/result/${body.request_id}`, { headers })

    // As of a process that is suspended: its timers do not fire, and what came over the network waits.
    let isStill = true
    let wakeUp = (): void => {}
    const asleep = new Promise<void>((resolve) => (wakeUp = resolve))
    const still = shop.another({
      clock: {
        now: clock.now,
        setTimeout: (callback, ms) => clock.setTimeout(() => void (isStill ? asleep.then(callback) : callback()), ms),
        clearTimeout: clock.clearTimeout,
      },
      pollTimeoutMs: 120_000,
      fetch: async (request, init) => {
        const response = await shop.sandbox.fetch(request, init)
        await asleep
        return response
      },
    })
    const first = read(still)
    await clock.advance(20_000)
    expect(await clock.until(read(shop.proxy))).toMatchObject({ status: 404, body: { cause: 'answer-lost' } })
    isStill = false
    wakeUp()
    const expected = { status: 500, body: { message: BLOWN_UP, confirmed: true } }
    expect(await clock.until(first)).toMatchObject(expected)
    expect(await clock.until(read(shop.proxy))).toMatchObject(expected)
  })
})

describe('a store that is away for 14 s in the middle of a read', () => {
  it('gets the outcome when it is back, for every process', async () => {
    const clock = createSimulatedClock()
    let away = false
    const inner = memoryOutcomes(clock)
    const unlessAway =
      <A extends unknown[], R>(method: (...call: A) => R) =>
      (...call: A): R => {
        if (away) throw new Error('away')
        return method(...call)
      }
    const outcomes = {
      get: unlessAway(inner.get),
      set: unlessAway(inner.set),
      claim: unlessAway(inner.claim),
      setLeased: unlessAway(inner.setLeased),
    }
    const shop = createShop({ clock, outcomes }, { clock })
    const order = newOrder()
    const token = await clock.until(shop.token(order))
    shop.sandbox.fault({ on: 'submit', kind: 'error', trackingId: order.trackingId })
    const { body } = await clock.until(shop.post(token, requestFor(order)))
    const path = `${BASE}/async/result/${body.request_id}`
    await clock.advance(10_000)
    const headers = { authorization: `Bearer ${token}` }
    const work: Promise<unknown>[] = []
    shop.sandbox.fault({ on: 'result', kind: 'delay', ms: 1000 })
    const reading = shop.proxy.fetch(new Request(path, { headers }), { waitUntil: (each) => work.push(each) })
    await clock.advance(500)
    away = true
    expect((await clock.until(reading)).status).toBe(503)
    await clock.advance(14_000)
    away = false
    await clock.until(Promise.all(work))
    const other = shop.another()
    expect(await clock.until(send(other, path, { headers }))).toMatchObject({
      status: 500,
      body: { message: BLOWN_UP, confirmed: true },
    })
  })
})

describe('onOutcome', () => {
  it('is told once of what was read, without card data, and again until it succeeds', async () => {
    const told: unknown[] = []
    let fails = 2
    const { call, token, id, order } = await blownUp({
      onOutcome(outcome) {
        told.push(outcome)
        if (fails-- > 0) throw new Error('The shop is down')
      },
    })
    for (let times = 0; times < 5; times++) {
      await call(`/async/result/${id}`, { token })
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(told).toHaveLength(3)
    expect(told[0]).toMatchObject({ via: 'task', requestId: id, trackingId: order.trackingId, httpStatus: 500 })
    expect(new Set(told.map((outcome) => (outcome as { key: string }).key)).size).toBe(1)
  })

  it('is told by check(), though every browser left', async () => {
    const told: unknown[] = []
    const { proxy, post, sandbox, token } = createShop(
      { onOutcome: (outcome) => void told.push(outcome) },
      { latencyMs: 60 },
    )
    const order = newOrder()
    const { body } = await post(await token(order), requestFor(order))
    expect(await proxy.check(body.request_id)).toMatchObject({ settled: false, waitMs: expect.any(Number) })
    await new Promise((resolve) => setTimeout(resolve, 80))
    expect(await proxy.check(body.request_id)).toMatchObject({ settled: true })
    expect(told).toMatchObject([{ transaction: { status: 'successful', tracking_id: order.trackingId } }])
    const asked = sandbox.requests().length
    expect(await proxy.check(body.request_id)).toMatchObject({ settled: true })
    expect(sandbox.requests()).toHaveLength(asked)
    expect(told).toHaveLength(1)
  })
})
