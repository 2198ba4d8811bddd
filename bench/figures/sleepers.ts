/** What a task holds while it sleeps, and what starting it took. */

import { type ContestantName, load } from '../contestant.ts'
import { type Effort, PIPELINE, US } from '../effort.ts'
import { atMost, digits, type Figure, type Row, shown } from '../results.ts'
import { inProcess, interleaved, type Rounds, rowsOf } from '../rounds.ts'
import { type Spread, spreadOf } from '../spread.ts'

interface Sleepers {
  readonly bytesPerTask: number
  readonly startUs: number
}

/** Beyond so many, only those are measured that have a target there. */
const FEW = 10_000

export async function sleepers(effort: Effort): Promise<readonly Figure[]> {
  const byCount = new Map<number, Rounds<Sleepers>>()
  const others = effort.contestants.filter((name) => name !== US && name !== PIPELINE)
  const measure = (rounds: number, names: readonly ContestantName[], count: number): Promise<Rounds<Sleepers>> =>
    interleaved(rounds, names, 'sleepers', count)
  for (const count of effort.sleeping) {
    // Among few tasks what else the heap holds is heard: code that is compiled, or forgotten again. Of many, the start counts.
    const rounds = await measure(count < FEW ? effort.rounds : count > FEW ? 3 : 1, [US, PIPELINE], count)
    byCount.set(count, count > FEW ? rounds : new Map([...rounds, ...(await measure(1, others, count))]))
  }
  const most = effort.sleeping.at(-1) ?? 0
  const figures = [await heapOf(effort, byCount)]
  return most > FEW ? [...figures, await startOf(most, byCount.get(most) ?? new Map())] : figures
}

async function heapOf(
  { contestants, sleeping, tolerance }: Effort,
  byCount: ReadonlyMap<number, Rounds<Sleepers>>,
): Promise<Figure> {
  const bytes = (name: string, count: number): Spread | undefined => {
    const measured = byCount.get(count)?.get(name)
    return measured && spreadOf(measured.map(({ bytesPerTask }) => bytesPerTask))
  }
  const median = (name: string, count: number): number => bytes(name, count)?.median ?? Number.NaN
  const rows: Row[] = []
  for (const id of contestants) {
    const { name, ours } = await load(id)
    const values = sleeping.flatMap((count) => {
      const spread = bytes(id, count)
      return spread ? [[`${count.toLocaleString('en')} tasks`, spread]] : []
    })
    rows.push({ name, ...(ours && { ours }), values: Object.fromEntries(values) })
  }
  const ours = sleeping.map((count) => median(US, count))
  const largest = Math.max(...ours)
  const share = Math.max(...sleeping.map((count) => median(US, count) / median(PIPELINE, count)))
  const mean = ours.reduce((sum, each) => sum + each, 0) / ours.length
  // Hash tables grow by doubling, so that no line is straight.
  const linear = Math.max(...ours.map((each) => Math.abs(each / mean - 1)))
  const { Ky, AbortController } = await inProcess<Record<'Ky' | 'AbortController', number>>('alive', US, 1000)
  return {
    id: 'heap',
    title: 'Heap per sleeping task',
    method:
      'After a garbage collection, over what was held before, with all tasks submitted, asked after once and asleep for the next question; the promise of the result is held.',
    unit: 'bytes per task',
    rows,
    targets: [
      atMost('at most 2.0 kB', largest, 2000 * tolerance, `${digits(largest)} bytes`),
      atMost('at most half of ky with rxjs by hand', share, 0.5 * tolerance, `${digits(share)}×`),
      atMost('linear: each within 5 % of their mean', linear, 0.05 * tolerance, `${(linear * 100).toFixed(1)} %`),
      atMost(
        'no ky object and no controller alive between polls',
        Ky + AbortController,
        0,
        `${Ky} and ${AbortController}`,
      ),
    ],
  }
}

async function startOf(count: number, rounds: Rounds<Sleepers>): Promise<Figure> {
  const unit = 'µs'
  const rows = await rowsOf(rounds, unit, ({ startUs }) => startUs, PIPELINE)
  const ratio = rows[0]?.ratio as Spread
  return {
    id: 'start',
    title: `Start of a task, of ${count.toLocaleString('en')}`,
    method:
      'Time of the processor, the garbage collector included, to submit each and ask after it once, `fetch` stubbed; ratios are to ky with rxjs by hand at the same time, which checks no request, sends no `RequestID`, and sets no timer before its first question.',
    unit,
    rows,
    targets: [atMost('no slower than ky with rxjs by hand', ratio.median, 1, `${shown(ratio)}×`)],
  }
}
