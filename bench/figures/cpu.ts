/** What a poll takes of the processor: of the library alone, and with sockets under it. */
import { type Effort, LOOP, US } from '../effort.ts'
import { serve, stubGateway } from '../gateway.ts'
import { atMost, type Figure, shown } from '../results.ts'
import { interleaved, type Rounds, rowsOf } from '../rounds.ts'
import { ratioOf } from '../spread.ts'

interface Cpu {
  readonly usPerPoll: number
}

/** Polls of a task, and how often they are measured in a process. */
const POLLS = 30
const REPEATS = 6

export async function cpuOverStub({ rounds, contestants, tolerance }: Effort): Promise<readonly Figure[]> {
  const measured = await interleaved<Cpu>(rounds, contestants, 'cpu', 100, POLLS, REPEATS)
  return [await figureOf('cpu-stub', 'Processor per poll, `fetch` stubbed', 1.2, tolerance, measured)]
}

export async function cpuOverLoopback({ rounds, contestants, tolerance }: Effort): Promise<readonly Figure[]> {
  const { baseUrl, close } = await serve(stubGateway((poll) => poll >= POLLS))
  try {
    const measured = await interleaved<Cpu>(rounds, contestants, 'cpu', 40, POLLS, REPEATS, baseUrl)
    return [await figureOf('cpu-loopback', 'Processor per poll, over loopback', 1.08, tolerance, measured)]
  } finally {
    close()
  }
}

async function figureOf(
  id: string,
  title: string,
  most: number,
  tolerance: number,
  rounds: Rounds<Cpu>,
): Promise<Figure> {
  const value = ({ usPerPoll }: Cpu): number => usPerPoll
  const unit = 'µs'
  const ratio = ratioOf(rounds.get(US)?.map(value) ?? [], rounds.get(LOOP)?.map(value) ?? [])
  return {
    id,
    title,
    method: `Time of the processor, user and system, of a process that polls many tasks every 10 ms, ${POLLS} times each, their submission and result included: the least of ${REPEATS} times, so that what is not compiled yet and what else the machine does count little. Ratios are to the lean ky loop of the same round; the library and it ran at the same time.`,
    unit,
    rows: await rowsOf(rounds, unit, value, LOOP),
    targets: [atMost(`at most ${most}× the lean ky loop`, ratio.median, most * tolerance, `${shown(ratio)}×`)],
  }
}
