/** The figures: what is measured of whom, and what it has to come to. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'
import { type ContestantName, contestants, load } from './contestant.ts'
import { serve, stubGateway } from './gateway.ts'
import type { Figure, Row, Target } from './results.ts'
import { digits, shown } from './results.ts'
import { ratioOf, type Spread, spreadOf } from './spread.ts'

/** How much is measured: all for the tables, or as much as shows a regression. */
export interface Effort {
  readonly rounds: number
  readonly contestants: readonly ContestantName[]
  readonly tasks: number
  readonly polls: number
  readonly sleeping: readonly number[]
  readonly growthOf: readonly ContestantName[]
  readonly growthPolls: number
  /** What a target is multiplied with: few rounds on a busy machine are no verdict on a hundredth. */
  readonly tolerance: number
  /** The same for the time of the processor, which differs more from run to run. */
  readonly cpuTolerance: number
}

export const whole: Effort = {
  rounds: 5,
  contestants,
  tasks: 200,
  polls: 100,
  sleeping: [1000, 10_000, 100_000],
  growthOf: contestants,
  growthPolls: 100_000,
  tolerance: 1,
  cpuTolerance: 1,
}

export const short: Effort = {
  rounds: 5,
  contestants: ['async-transaction', 'ky-loop', 'ky-rxjs'],
  tasks: 200,
  polls: 100,
  sleeping: [1000, 10_000],
  growthOf: ['async-transaction'],
  growthPolls: 20_000,
  tolerance: 1.25,
  cpuTolerance: 1.6,
}

const US: ContestantName = 'async-transaction'
const LOOP: ContestantName = 'ky-loop'
const PIPELINE: ContestantName = 'ky-rxjs'
/** What was measured of each, round by round. */
type Rounds<T> = ReadonlyMap<string, readonly T[]>

export const figures: Readonly<Record<string, (effort: Effort) => Promise<Figure>>> = {
  'cpu-stub': cpuOverStub,
  'cpu-loopback': cpuOverLoopback,
  heap: heapOfSleepers,
  start: startOfSleepers,
  growth: growthOfOne,
  requests: requestsOfOne,
}

async function cpuOverStub(effort: Effort): Promise<Figure> {
  const rounds = await interleaved<Cpu>(effort, 'cpu', [effort.tasks, effort.polls])
  return cpuFigure(effort, 'cpu-stub', 'Processor per poll, `fetch` stubbed', 1.2, rounds)
}

async function cpuOverLoopback(effort: Effort): Promise<Figure> {
  const { baseUrl, close } = await serve(stubGateway((poll) => poll >= effort.polls))
  try {
    const rounds = await interleaved<Cpu>(effort, 'cpu', [effort.tasks / 4, effort.polls, baseUrl])
    return cpuFigure(effort, 'cpu-loopback', 'Processor per poll, over loopback', 1.08, rounds)
  } finally {
    close()
  }
}

interface Cpu {
  readonly usPerPoll: number
}

async function cpuFigure(
  effort: Effort,
  id: string,
  title: string,
  most: number,
  rounds: Rounds<Cpu>,
): Promise<Figure> {
  const unit = 'µs'
  const rows = await rowsOf(rounds, unit, ({ usPerPoll }) => usPerPoll, LOOP)
  const ratio = rows.find(({ name }) => name === '@async-transaction/core')?.ratio
  return {
    id,
    title,
    method:
      'Time of the processor, user and system, of a process that polls many tasks every 10 ms, after two rounds to warm up; ratios are to the lean ky loop of the same round.',
    unit,
    rows,
    targets: ratio
      ? [atMost(`at most ${most}× the lean ky loop`, ratio.median, most * effort.cpuTolerance, `${shown(ratio)}×`)]
      : [],
  }
}

interface Heap {
  readonly bytesPerTask: number
  readonly startUs: number
}

async function heapOfSleepers(effort: Effort): Promise<Figure> {
  const byCount = new Map<number, Rounds<Heap>>()
  for (const count of effort.sleeping) {
    // Among few tasks what else the heap holds is heard: code that is compiled, or forgotten again.
    const rounds = count < 10_000 ? effort.rounds : 1
    // A hundred thousand take a while: only of those that have a target there.
    const who = count < 100_000 ? effort.contestants : [US, PIPELINE]
    byCount.set(count, await interleaved<Heap>({ ...effort, rounds, contestants: who }, 'heap', [count]))
  }
  const unit = 'bytes per task'
  const bytes = (name: string, count: number): Spread | undefined => {
    const measured = byCount.get(count)?.get(name)
    return measured && spreadOf(measured.map(({ bytesPerTask }) => bytesPerTask))
  }
  const median = (name: string, count: number): number => bytes(name, count)?.median ?? Number.NaN
  const rows: Row[] = []
  for (const name of effort.contestants)
    rows.push({
      name: (await load(name)).name,
      values: Object.fromEntries(
        effort.sleeping.flatMap((count) => {
          const spread = bytes(name, count)
          return spread ? [[`${count.toLocaleString('en')} tasks`, spread]] : []
        }),
      ),
    })
  const ours = effort.sleeping.map((count) => median(US, count))
  const largest = Math.max(...ours)
  const shares = effort.sleeping.map((count) => median(US, count) / median(PIPELINE, count))
  const { Ky, AbortController } = await inProcess<Record<'Ky' | 'AbortController', number>>(['alive', US, '1000'])
  const mean = ours.reduce((sum, bytes) => sum + bytes, 0) / ours.length
  // Hash tables grow by doubling, so that no line is straight.
  const linear = Math.max(...ours.map((bytes) => Math.abs(bytes / mean - 1)))
  return {
    id: 'heap',
    title: 'Heap per sleeping task',
    method:
      'After a garbage collection, over what was held before, with all tasks submitted, asked after once and asleep for the next question; the promise of the result is held.',
    unit,
    rows,
    targets: [
      atMost('at most 2.0 kB', largest, 2000 * effort.tolerance, `${digits(largest)} bytes`),
      atMost(
        'at most half of ky with rxjs by hand',
        Math.max(...shares),
        0.5 * effort.tolerance,
        `${digits(Math.max(...shares))}×`,
      ),
      atMost(
        'linear: each within 5 % of their mean',
        linear,
        0.05 * effort.tolerance,
        `${(linear * 100).toFixed(1)} %`,
      ),
      atMost(
        'no ky object and no controller alive between polls',
        Ky + AbortController,
        0,
        `${Ky} and ${AbortController}`,
      ),
    ],
  }
}

async function startOfSleepers(effort: Effort): Promise<Figure> {
  const count = effort.sleeping.at(-1) ?? 0
  const rounds = await interleaved<Heap>({ ...effort, contestants: [US, PIPELINE] }, 'heap', [count])
  const unit = 'µs'
  const rows = await rowsOf(rounds, unit, ({ startUs }) => startUs, PIPELINE)
  const ratio = rows[0]?.ratio
  return {
    id: 'start',
    title: `Start of a task, of ${count.toLocaleString('en')}`,
    method:
      'Time of the processor, the garbage collector included, to submit each and ask after it once, `fetch` stubbed; ratios are to ky with rxjs by hand, which checks no request, sends no `RequestID`, and sets no timer before its first question.',
    unit,
    rows,
    targets: ratio
      ? [atMost('no slower than ky with rxjs by hand', ratio.median, effort.tolerance, `${shown(ratio)}×`)]
      : [],
  }
}

interface Growth {
  readonly grownBytes: number
  readonly listeners: number
  readonly mostListeners: number
  readonly warnings: number
}

async function growthOfOne(effort: Effort): Promise<Figure> {
  const { growthOf, growthPolls } = effort
  const rounds = await interleaved<Growth>({ ...effort, rounds: 1, contestants: growthOf }, 'growth', [growthPolls])
  const unit = 'MB'
  const { grownBytes, listeners, mostListeners, warnings } = oneOf(rounds, US)
  const megabytes = grownBytes / 1e6
  return {
    id: 'growth',
    title: `Growth over ${growthPolls.toLocaleString('en')} polls of one task`,
    method:
      'Heap after a garbage collection, with nothing under way, over the heap after 20,000 polls before; one signal could stop the task at any time.',
    unit,
    rows: await rowsOf(rounds, unit, ({ grownBytes }) => grownBytes / 1e6),
    targets: [
      atMost('at most 0.5 MB', megabytes, 0.5 * effort.tolerance, `${digits(megabytes)} MB`),
      atMost('no listener left', listeners, 0, `${listeners}, at most ${mostListeners} on the way`),
      atMost('no warning', warnings, 0, `${warnings}`),
    ],
  }
}

async function requestsOfOne(effort: Effort): Promise<Figure> {
  const direct = 'async-transaction-result'
  const all = { ...effort, rounds: 1, contestants: [...effort.contestants, direct] as readonly ContestantName[] }
  const rounds = await interleaved<{ readonly requests: number }>(all, 'requests', [])
  const unit = 'requests'
  const of = (name: string): number => oneOf(rounds, name).requests
  return {
    id: 'requests',
    title: 'Requests per payment',
    method: 'For a task that is done at the first poll.',
    unit,
    rows: await rowsOf(rounds, unit, ({ requests }) => requests),
    targets: [
      { text: "3 with strategy 'status'", measured: `${of(US)}`, holds: of(US) === 3 },
      { text: "2 with strategy 'result'", measured: `${of(direct)}`, holds: of(direct) === 2 },
    ],
  }
}

function oneOf<T>(rounds: Rounds<T> | undefined, name: string): T {
  const measured = rounds?.get(name)?.[0]
  if (measured === undefined) throw new Error(`${name} was not measured`)
  return measured
}

const atMost = (text: string, value: number, most: number, measured: string): Target => ({
  text,
  measured,
  holds: value <= most,
})

async function rowsOf<T>(
  rounds: Rounds<T>,
  unit: string,
  value: (measured: T) => number,
  reference?: string,
): Promise<Row[]> {
  const base = reference && rounds.get(reference)?.map(value)
  const rows: Row[] = []
  for (const [name, measured] of rounds)
    rows.push({
      name: (await load(name)).name,
      values: { [unit]: spreadOf(measured.map(value)) },
      ...(base && { ratio: ratioOf(measured.map(value), base) }),
    })
  return rows
}

/** In a process each, one after the other: who comes first takes turns. */
async function interleaved<T>(
  { rounds, contestants: names }: Effort,
  what: string,
  args: readonly (string | number)[],
): Promise<Rounds<T>> {
  const measured = new Map<string, T[]>(names.map((name) => [name, []]))
  for (let round = 0; round < rounds; round++)
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round) % names.length] as string
      measured.get(name)?.push(await inProcess<T>([what, name, ...args.map(String)]))
    }
  return measured
}

function inProcess<T>(args: readonly string[]): Promise<T> {
  const flags = [
    '--conditions=@async-transaction/source',
    '--experimental-strip-types',
    '--disable-warning=ExperimentalWarning',
    '--expose-gc',
  ]
  const child = spawn(process.execPath, [...flags, join(import.meta.dirname, 'measure.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  child.stdout.on('data', (chunk) => {
    printed += chunk
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(printed))
      else reject(new Error(`measure.ts ${args.join(' ')} ended with ${code}`))
    })
  })
}
