/** The schedules that scenarios use, the absurd one included. */
import { adaptiveSchedule, fixedSchedule, type Schedule, sqrtSchedule } from '@async-transaction/core'
import type { Plan } from './plan.ts'
import { createRandom } from './random.ts'

/** The schedule of a plan; `proposed` is called with every delay that it proposes. */
export function scheduleOf({ schedule }: Plan, proposed: (delayMs: number) => void): Schedule {
  const store = { getItem: (key: string) => learned.get(key), setItem: () => {} }
  const inner = schedule === 'adaptive' ? adaptiveSchedule({ store }) : schedules[schedule]
  const outer: Schedule = (input) => {
    const delayMs = inner(input)
    proposed(delayMs)
    return delayMs
  }
  return Object.assign(outer, schedule === 'adaptive' && inner)
}

const schedules: Record<Exclude<Plan['schedule'], 'adaptive'>, Schedule> = {
  default: sqrtSchedule(),
  fixed: fixedSchedule({ intervalMs: 12_000 }),
  slow: () => 8 * 60_000,
  absurd: ({ polls }) => [Number.NaN, -5, Number.POSITIVE_INFINITY, 4000, 3000][polls % 5] ?? 0,
}

/** What it learned of payments that took about five seconds, or about a minute: a process loads it. */
const learned = new Map<string, string>()

async function teach(): Promise<void> {
  const schedule = adaptiveSchedule({
    store: { getItem: () => null, setItem: (key, value) => learned.set(key, value) },
  })
  const random = createRandom(1)
  for (let nth = 0; nth < 60; nth++) {
    const byMs = random.chance(0.8) ? random.integer(3000, 8000) : random.integer(40_000, 90_000)
    await schedule.observe?.({ type: 'payments', afterMs: byMs - 500, byMs })
  }
}
await teach()
