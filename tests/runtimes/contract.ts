/**
 * What must hold on every runtime, stated once. The library is injected, so that the same cases run over whatever a
 * runtime imported; the gateway is a real one over sockets.
 */
import type { Cases } from './contract/cases.ts'
import { comingBack } from './contract/coming-back.ts'
import { encryption } from './contract/encryption.ts'
import { errors } from './contract/errors.ts'
import { interop } from './contract/interop.ts'
import { losses } from './contract/losses.ts'
import { mainJob } from './contract/main-job.ts'
import { type Library, openShop, type Places, sleep } from './contract/shop.ts'
import { time } from './contract/time.ts'
import { transport } from './contract/transport.ts'
import { webhooks } from './contract/webhooks.ts'

export type { Library, Places } from './contract/shop.ts'

export interface Verdict {
  readonly name: string
  /** What was wrong; nothing if all was well. */
  readonly problem?: string
}

/** How many cases are played at the same time: a browser has six connections, and some cases let one hang. */
const AT_ONCE = 4

/** How long one case may take, in milliseconds: five lookups take more than ten seconds, and the machine may be busy. */
const PATIENCE_MS = 40_000

/** The slow ones first: most of the time they wait. */
const cases: Cases = {
  ...losses,
  ...errors,
  ...mainJob,
  ...comingBack,
  ...webhooks,
  ...encryption,
  ...interop,
  ...time,
  ...transport,
}

const UNHANDLED = 'no promise is left rejected without a handler'

/** The names of all cases. */
export const contract: readonly string[] = [...Object.keys(cases), UNHANDLED]

/** Plays every case. */
export async function playContract(library: Library, places: Places): Promise<Verdict[]> {
  const unhandled = watchRejections()
  const shop = openShop(library, places)
  const waiting = Object.entries(cases)
  const verdicts: Verdict[] = []
  const play = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [name, run] = next
      verdicts.push(await judge(name, () => run(shop)))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, play))
  return [
    ...verdicts,
    await judge(UNHANDLED, async () => {
      const canary = new Error('A canary, that shows whether this runtime tells')
      void Promise.reject(canary)
      await sleep(100)
      const others = [...unhandled.values()].filter((reason) => reason !== canary)
      if (others.length === unhandled.size) throw new Error('This runtime does not tell of rejections')
      if (others.length > 0) throw new Error(`There were ${others.map(String).join('; ')}`)
    }),
  ]
}

async function judge(name: string, run: () => Promise<void>): Promise<Verdict> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('It did not end')), PATIENCE_MS)
  })
  try {
    await Promise.race([run(), tooLong])
    return { name }
  } catch (error) {
    return { name, problem: error instanceof Error ? error.message : String(error) }
  } finally {
    clearTimeout(timer)
  }
}

interface Rejection {
  readonly promise: Promise<unknown>
  readonly reason: unknown
  preventDefault(): void
}
interface Platform {
  readonly process?: { on?(event: string, listener: (reason: unknown, promise: Promise<unknown>) => void): void }
  addEventListener?(type: string, listener: (event: Rejection) => void): void
}

/** The reasons of promises that were rejected, as long as nobody handled them: some runtimes tell of it too early. */
function watchRejections(): Map<unknown, unknown> {
  const reasons = new Map<unknown, unknown>()
  const { process, addEventListener } = globalThis as Platform
  process?.on?.('unhandledRejection', (reason, promise) => reasons.set(promise, reason))
  addEventListener?.('unhandledrejection', (event) => {
    event.preventDefault()
    reasons.set(event.promise, event.reason)
  })
  addEventListener?.('rejectionhandled', ({ promise }) => reasons.delete(promise))
  return reasons
}
