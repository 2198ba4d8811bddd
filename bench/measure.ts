/**
 * One measurement of one contestant, in a process of its own: `measure.ts WHAT CONTESTANT [NUMBER …]`, which prints JSON.
 * Called by `bench.ts`, and by hand to profile: `node --cpu-prof bench/measure.ts cpu async-transaction …`.
 */
import { getEventListeners } from 'node:events'
import process from 'node:process'
import { setTimeout as pause } from 'node:timers/promises'
import v8 from 'node:v8'
import { type Contestant, load, newOrder, type Pay } from './contestant.ts'
import { type StubGateway, stubFetch, stubGateway } from './gateway.ts'
import { hastenTimers } from './hasten-timers.ts'

const [what = '', name = '', ...rest] = process.argv.slice(2)
const STUB = 'https://gateway.test'

const WARM_POLLS = 20_000

/** Milliseconds of the processor since `began`. */
const cpuMs = (began: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(began)
  return (user + system) / 1000
}

/** Gives what is finished time to finish, and collects what is garbage. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) {
    await pause(50)
    globalThis.gc?.()
  }
}

/** Of one poll, while `tasks` tasks are polled every 10 ms, `polls` times each: over the stub, or a server at `baseUrl`. */
async function cpu(
  { start }: Contestant,
  tasks: number,
  polls: number,
  times: number,
  baseUrl?: string,
): Promise<object> {
  const stub = stubFetch(stubGateway((poll) => poll >= polls))
  const pay = start(baseUrl ? { baseUrl, fetch } : { baseUrl: STUB, fetch: stub }, 10)
  let least = Number.POSITIVE_INFINITY
  for (let time = 0; time < times; time++) {
    const began = process.cpuUsage()
    await Promise.all(Array.from({ length: tasks }, (_, number) => pay(newOrder(number), new AbortController().signal)))
    least = Math.min(least, cpuMs(began))
  }
  return { usPerPoll: (least * 1000) / (tasks * polls) }
}

/** Of `count` tasks that were taken, asked after once, and sleep now; and what starting them took of the processor. */
async function sleepers({ start }: Contestant, count: number): Promise<object> {
  const gateway = stubGateway(() => false)
  const pay = start({ baseUrl: STUB, fetch: stubFetch(gateway) }, 3_000_000)
  const held = [await sleeping(pay, gateway, 5000)]
  await settle()
  const before = process.memoryUsage().heapUsed
  const began = process.cpuUsage()
  held.push(await sleeping(pay, gateway, count))
  const startMs = cpuMs(began)
  await settle()
  const bytes = process.memoryUsage().heapUsed - before
  return { bytesPerTask: bytes / count, startUs: (startMs * 1000) / count, held: held.flat().length }
}

async function sleeping(pay: Pay, { counts }: StubGateway, count: number): Promise<Promise<unknown>[]> {
  const asked = counts.polls + count
  const tasks: Promise<unknown>[] = []
  // In portions: what is measured is what they hold asleep, not what they are all made of at once.
  while (tasks.length < count) {
    for (let left = Math.min(1000, count - tasks.length); left > 0; left--) tasks.push(pay(newOrder(tasks.length)))
    await pause(0)
  }
  while (counts.polls < asked) await pause(5)
  return tasks
}

/** How many objects of an exchange there are while `count` tasks sleep, which should be none. */
async function alive({ start }: Contestant, count: number): Promise<object> {
  const gateway = stubGateway(() => false)
  const held = await sleeping(start({ baseUrl: STUB, fetch: stubFetch(gateway) }, 3_000_000), gateway, count)
  await settle()
  const { Ky } = await import(new URL('core/Ky.js', import.meta.resolve('ky')).href)
  const kinds = { Ky, AbortController, AbortSignal, Request, Response }
  const { queryObjects } = v8 as unknown as Inspecting
  return {
    held: held.length,
    ...Object.fromEntries(Object.entries(kinds).map(([kind, made]) => [kind, queryObjects(made)])),
  }
}

interface Inspecting {
  queryObjects(made: unknown): number
}

/** What is left of `polls` polls of one task: memory, listeners on the signal that could have stopped it, and warnings. */
async function growth({ start }: Contestant, polls: number): Promise<object> {
  const warnings: string[] = []
  process.on('warning', (warning) => warnings.push(warning.name))
  hastenTimers()
  let done = false
  // Nothing is asked while the heap is measured: what an exchange needs is no growth.
  let gate: Promise<void> = Promise.resolve()
  const gateway = stubGateway(() => done)
  const answer = stubFetch(gateway)
  const heap = async (): Promise<number> => {
    let open = (): void => {}
    gate = new Promise((resolve) => {
      open = resolve
    })
    await settle()
    const { heapUsed } = process.memoryUsage()
    open()
    return heapUsed
  }
  const pay = start({ baseUrl: STUB, fetch: (async (...args) => gate.then(() => answer(...args))) as typeof fetch }, 10)
  const { signal } = new AbortController()
  let most = 0
  const task = pay(newOrder(1), signal)
  // What is compiled and cached after so many is no growth. Garbage is collected on the way: the tables of what waits to be
  // collected grow with that, and not with what is held.
  const poll = async (polls: number): Promise<void> => {
    const until = gateway.counts.polls + polls
    for (let collectAt = 0; gateway.counts.polls < until; ) {
      most = Math.max(most, getEventListeners(signal, 'abort').length)
      await new Promise((resolve) => setImmediate(resolve))
      if (gateway.counts.polls < collectAt) continue
      globalThis.gc?.()
      collectAt = gateway.counts.polls + 1000
    }
  }
  await poll(WARM_POLLS)
  const before = await heap()
  await poll(polls)
  const grownBytes = (await heap()) - before
  done = true
  await task
  const listeners = getEventListeners(signal, 'abort').length
  return { grownBytes, listeners, mostListeners: most, warnings: warnings.length }
}

/** Of one payment that is done at the first poll. */
async function requests({ start }: Contestant): Promise<object> {
  const gateway = stubGateway(() => true)
  await start({ baseUrl: STUB, fetch: stubFetch(gateway) }, 10)(newOrder(1))
  const { submits, polls, results } = gateway.counts
  return { requests: submits + polls + results }
}

const contestant = await load(name)
const [first = 0, second = 0, third = 0] = rest.map(Number)
const measurements: Readonly<Record<string, () => Promise<object>>> = {
  cpu: () => cpu(contestant, first, second, third, rest[3]),
  sleepers: () => sleepers(contestant, first),
  alive: () => alive(contestant, first),
  growth: () => growth(contestant, first),
  requests: () => requests(contestant),
}
const measured = await measurements[what]?.()
process.stdout.write(`${JSON.stringify(measured)}\n`, () => process.exit())
