import { type Breakage, breakage } from './breakage.ts'

const TIME = 'tests/conformance/time.test.ts'
const OTHERS = 'tests/conformance/others.test.ts'
const SCHEDULES = 'packages/core/src/schedule/schedules.test.ts'
const ADAPTIVE = 'packages/core/src/schedule/adaptive-schedule.test.ts'

/** When the next exchange is due. */
export const timing: readonly Breakage[] = [
  breakage(
    'a schedule may say anything',
    'payment/next-delay.ts',
    'if (Number.isFinite(delayMs) && delayMs >= 0) return delayMs',
    'return delayMs',
    TIME,
  ),
  breakage(
    'lookups wait as long as the schedule says',
    'payment/next-delay.ts',
    'const RECOVERY_MS = 30_000',
    'const RECOVERY_MS = 60 * 60_000',
    TIME,
  ),
  breakage(
    'losses cost nothing',
    'payment/polling.ts',
    'retryQuota: Math.max(0, (record.retryQuota ?? RETRY_QUOTA) - 1)',
    'retryQuota: record.retryQuota ?? RETRY_QUOTA',
    TIME,
  ),
  breakage(
    'an order to wait outlasts the deadline',
    'payment/payment.ts',
    'Math.max(proposed, floorMs), this.#remainingMs(record))',
    'Math.max(proposed, floorMs), Number.MAX_VALUE)',
    OTHERS,
  ),
  breakage('a resumed task has no time left', 'payment/payment.ts', 'this.#from = this.age.elapsedMs()', '', OTHERS),
  breakage(
    'a clock that is set back starts the schedule again',
    'payment/stopwatch.ts',
    'this.#startedAt -= Math.max(0, this.#seenAt - now)',
    '',
    'packages/core/src/payment/stopwatch.test.ts',
  ),
  breakage(
    'a date in the future is believed',
    'payment/stopwatch.ts',
    'this.#seenAt = clock.now()\n    this.#startedAt = Math.min(startedAt, this.#seenAt)',
    'this.#seenAt = clock.now()\n    this.#startedAt = startedAt',
    'packages/core/src/payment/stopwatch.test.ts',
  ),
  breakage(
    'it goes on when nobody observes',
    'payment/payment.ts',
    "(this.#observers > 0 && phase !== 'submit')",
    "phase !== 'submit'",
    'tests/conformance/observers.test.ts',
  ),
  breakage(
    'what an observer throws ends the loop',
    'observable/subscriber.ts',
    '    } catch (error) {\n      reportError(error)\n',
    '    } catch (error) {\n      throw error\n',
    'tests/conformance/observers.test.ts',
  ),
  breakage(
    'timers run on after the end',
    'payment/poller.ts',
    'this.clock.clearTimeout(this.#timer)',
    '',
    'tests/conformance/time.test.ts',
  ),

  // Schedules
  breakage(
    'a schedule asks as often as it likes',
    'schedule/schedule.ts',
    'Math.max(SHORTEST_MS, ',
    'Math.max(1, ',
    SCHEDULES,
  ),
  breakage('clients that started together stay together', 'schedule/schedule.ts', 'polls ? 0.2 : 0.5', '0', SCHEDULES),
  breakage(
    'gaps of the default do not grow',
    'schedule/sqrt-schedule.ts',
    'Math.sqrt(input.elapsedMs / 1000)',
    '1',
    SCHEDULES,
  ),
  breakage(
    'the default forgets its longest gap',
    'schedule/sqrt-schedule.ts',
    'Math.min(maxMs, ',
    'Math.max(0, ',
    SCHEDULES,
  ),
  breakage(
    'waits of a factor have no ceiling',
    'schedule/exponential-schedule.ts',
    'Math.min(maxMs, firstMs * factor ** input.polls)',
    'firstMs * factor ** input.polls',
    SCHEDULES,
  ),
  breakage(
    'a schedule plans on too little',
    'schedule/adaptive-schedule.ts',
    'histogram.total >= ENOUGH',
    'histogram.total >= 1',
    ADAPTIVE,
  ),
  breakage(
    'a payment method is planned by all others',
    'schedule/adaptive-schedule.ts',
    'return paymentMethod ? [',
    'return !paymentMethod ? [',
    ADAPTIVE,
  ),
  breakage(
    'what could not be read is written over',
    'schedule/adaptive-schedule.ts',
    'const stored = await store?.getItem(key)',
    'const stored = await Promise.resolve(store?.getItem(key)).catch(() => undefined)',
    ADAPTIVE,
  ),
  breakage(
    'a learned schedule asks at once, for ever',
    'schedule/adaptive-schedule.ts',
    'Math.max(SHORTEST_MS, plan.delay(',
    'Math.max(0, 0 * plan.delay(',
    ADAPTIVE,
  ),
  breakage(
    'a learned schedule never gives up what changed',
    'schedule/completion-histogram.ts',
    'doubt > TOO_DOUBTFUL ? emptyHistogram() :',
    'doubt > 1e9 ? emptyHistogram() :',
    ADAPTIVE,
  ),
  breakage(
    'a stored plan of anything is taken',
    'schedule/completion-histogram.ts',
    'if (v !== 1 || !Array.isArray(counts) || counts.length !== BINS || !counts.every(isCount) || !isCount(doubt))',
    'if (v !== 1)',
    ADAPTIVE,
  ),
  breakage(
    'a task that was given up counts as done then',
    'payment/payment.ts',
    '    this.#left = true\n    this.#teach(Number.POSITIVE_INFINITY)',
    '    this.#left = true\n    this.#teach(this.age.elapsedMs())',
    'tests/conformance/schedule.test.ts',
  ),
]
