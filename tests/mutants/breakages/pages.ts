import { type Breakage, breakage } from './breakage.ts'

const TABS = 'tests/browsers/tabs.test.ts'
const UNRELIABLE = 'tests/browsers/unreliable-browsers.test.ts'
const ANSWERS = 'packages/core/src/browser/shared-answers.test.ts'
const SIMULATED = 'tests/simulation/tabs/tabs.test.ts'

/** Pages: tabs that sleep, browsers whose word is not to be relied on. */
export const pages: readonly Breakage[] = [
  breakage(
    'a response of a tab that thawed replaces the outcome',
    'browser/shared-answers.ts',
    "  if (known && end && (end.news === 'outcome' || endOf(mine)?.news !== 'outcome')) return known\n",
    '',
    ANSWERS,
  ),
  breakage(
    'a confirmed error is replaced by any response',
    'browser/shared-answers.ts',
    "return heard?.news === 'outcome' || heard?.news === 'confirmed' ? heard : undefined",
    "return heard?.news === 'outcome' ? heard : undefined",
    ANSWERS,
  ),
  breakage(
    'a processing drops an error that came after its question',
    'browser/shared-answers.ts',
    'isAlive(heard) && (known?.words?.at ?? 0) <= askedAt',
    'isAlive(heard)',
    ANSWERS,
  ),
  breakage(
    'it asks without the lock after its wait was aborted',
    'browser/exclusively.ts',
    'if (gone.signal.aborted) reject(error)\n        else ',
    '',
    TABS,
  ),
  breakage(
    'a page of a server on the way counts as heard',
    'browser/shared-answers.ts',
    "if (type === 'lost') return status < 300 ? null : undefined",
    "if (type === 'lost') return null",
    UNRELIABLE,
  ),
  breakage(
    'coming online fires all that is overdue',
    'browser/pausing-clock.ts',
    '        leave()\n        start()',
    '        leave()\n        callback()',
    TABS,
  ),
  breakage(
    'offline is believed for ever',
    'browser/pausing-clock.ts',
    'BELIEVED_MS = 30_000',
    'BELIEVED_MS = 1e9',
    TABS,
  ),
  breakage('no response refutes that it is offline', 'browser/browser-client.ts', '    offline.refute()\n', '', TABS),
  breakage(
    'the lock is taken from a tab whose time-out is long',
    'browser/browser-client.ts',
    '      timeoutMs: pollTimeoutMs,',
    '      timeoutMs: 30_000,',
    UNRELIABLE,
  ),
  breakage(
    'an error that is not confirmed is an outcome',
    'browser/shared-answers.ts',
    "  error: 'words',",
    "  error: 'outcome',",
    UNRELIABLE,
  ),
  breakage(
    'a tab that holds the lock is waited for without end',
    'browser/exclusively.ts',
    'else waiting.abort()',
    'else timer = undefined',
    UNRELIABLE,
  ),
  breakage(
    'the time-out of a question includes the wait for another tab',
    'browser/share-fetch.ts',
    '2 * (timeoutMs + GRACE_MS)',
    'timeoutMs',
    UNRELIABLE,
  ),
  breakage(
    'a page that slept hears nothing of what came meanwhile',
    'browser/share-fetch.ts',
    'if (clock.now() < dueAt + SLEPT_MS) give()',
    'if (dueAt) give()',
    UNRELIABLE,
  ),
  breakage(
    'a tab takes the lock from one that has just got it',
    'browser/share-fetch.ts',
    'Math.max(patienceMs - (now - askedAt), GRACE_MS - (now - since))',
    'patienceMs - (now - askedAt)',
    SIMULATED,
  ),
  breakage(
    'an error that only the store heard is not news for its own tab',
    'browser/share-fetch.ts',
    "heard?.news === 'words' && !init.signal.aborted",
    "heard?.news === 'words'",
    SIMULATED,
  ),
  breakage(
    'an end that is shown is never looked up again',
    'browser/attendance.ts',
    '    for (const task of this.#ended) this.#repair(task)\n',
    '',
    UNRELIABLE,
  ),
  breakage(
    'an end is looked up at each look',
    'browser/attendance.ts',
    'REPAIR_MS = 60_000',
    'REPAIR_MS = 1',
    UNRELIABLE,
  ),
  breakage(
    'kept responses are not told',
    'browser/kept-responses.ts',
    'date < askedAt + aheadMs - SLACK_MS',
    'date < 0',
    UNRELIABLE,
  ),
]
