/** Ways to lose money: each takes one safeguard out of core. A safeguard that is gone has to be noticed. */

export interface Breakage {
  readonly name: string
  /** Text of a file under `packages/core/src` that stands there exactly once, and what takes its place. */
  readonly edits: readonly { readonly file: string; readonly find: string; readonly replace: string }[]
  /** The file of the test that notices; without one it is the simulation. */
  readonly test?: string
}

const breakage = (name: string, file: string, find: string, replace: string, test?: string): Breakage => ({
  name,
  edits: [{ file, find, replace }],
  ...(test && { test }),
})

export const breakages: readonly Breakage[] = [
  // What is sent
  breakage(
    'ky retries and throws, as by default',
    'transport/attempt.ts',
    'retry: 0,\n    throwHttpErrors: false',
    'retry: 2',
  ),
  breakage(
    'redirects are followed',
    'transport/attempt.ts',
    "redirect: 'manual'",
    "redirect: 'follow'",
    'packages/core/src/transport/attempt.test.ts',
  ),
  breakage(
    'polls are answered from a cache',
    'transport/attempt.ts',
    '    ...transport.cache,\n',
    '',
    'packages/core/src/transport/attempt.test.ts',
  ),
  breakage('a body that stalls is waited for', 'transport/attempt.ts', 'request.timeoutMs, answer', '2 ** 40, answer'),
  breakage(
    'a body may be of any size',
    'transport/attempt.ts',
    'if (bytes > maxBytes)',
    'if (bytes > maxBytes * 1e9)',
    'packages/core/src/transport/attempt.test.ts',
  ),
  breakage(
    'every POST has a RequestID of its own',
    'task/exchange.ts',
    'timeoutMs: submitTimeoutMs, requestKey,',
    'timeoutMs: submitTimeoutMs, requestKey: crypto.randomUUID(),',
  ),
  breakage(
    'POSTs go on for ever',
    'task/machine.ts',
    'const POSTS = 3',
    'const POSTS = 30',
    'tests/conformance/submit.test.ts',
  ),
  breakage(
    'a second submit under the same key is a second task',
    'client/create-client.ts',
    'if (known) {',
    'if (known && !known) {',
  ),
  breakage(
    'two loops ask for one task',
    'client/create-client.ts',
    '(loop.known.requestId ?? record.requestId) === record.requestId) return loop',
    'loop === undefined) return loop',
  ),
  {
    name: 'the request is aborted when the last observer leaves',
    edits: [
      {
        file: 'transport/attempt.ts',
        find: '  const controller = new AbortController()\n',
        replace: '  const controller = new AbortController()\n  underWay.add(controller)\n',
      },
      {
        file: 'transport/attempt.ts',
        find: 'export async function attempt(',
        replace: 'export const underWay: Set<AbortController> = new Set()\nexport async function attempt(',
      },
      {
        file: 'observable/pacer.ts',
        find: '    this.observed = observed\n',
        replace:
          '    this.observed = observed\n    if (observed) return this.go()\n    for (const each of underWay) each.abort()\n    underWay.clear()\n',
      },
      {
        file: 'observable/pacer.ts',
        find: "import type { Clock } from '../lib/clock.ts'\n",
        replace: "import type { Clock } from '../lib/clock.ts'\nimport { underWay } from '../transport/attempt.ts'\n",
      },
    ],
  },
  breakage('a task is asked for under any id', 'task/read-reply.ts', 'if (foreign ||', 'if ('),

  // What is heard
  breakage(
    'last words are dropped',
    'task/machine.ts',
    'return lastWords && !event.told',
    'return lastWords && event.told && !event.told',
  ),
  breakage(
    'an error body is polled over',
    'task/machine.ts',
    '      return fail(next, event.failure)',
    "      return event.failure.code === 'gateway-error' ? { ...next, lost: lost + 1 } : fail(next, event.failure)",
  ),
  breakage(
    'an HTML page is an error of the gateway',
    'task/read-reply.ts',
    'if (!gatewayFault(json) || (submit',
    'if ((submit',
  ),
  breakage(
    '"try again later" is an error of the gateway',
    'task/read-reply.ts',
    'if (httpStatus === 429 || (httpStatus === 503 && reply.retryAfterMs !== undefined))',
    'if (httpStatus === 9)',
  ),
  breakage(
    'a lost answer leaves no mark',
    'task/machine.ts',
    'lost: lost + 1, credit',
    'lost, credit',
    'tests/conformance/reading.test.ts',
  ),
  breakage(
    '401 is polled over',
    'task/read-reply.ts',
    'if (lost || httpStatus === 401 || httpStatus === 403)',
    'if (lost)',
    'tests/conformance/reading.test.ts',
  ),
  breakage(
    '`completed` is taken for the result',
    'task/machine.ts',
    'return { ...next, completed: true }',
    "return settle(next, { status: 'result', body: {}, via: 'task' })",
    'tests/conformance/main-path.test.ts',
  ),

  // What is concluded
  breakage(
    'unknown is failed',
    'task/machine.ts',
    "return gone ? settle(record, { status: 'unknown', cause: gone, candidates })",
    "return gone ? fail(record, { code: 'gateway-error' })",
  ),
  breakage(
    '404 unknown is the end, without a lookup',
    'task/machine.ts',
    ": { ...next, tries: 0, gone: lost ? 'answer-lost' : event.cause }",
    ": settle(next, { status: 'unknown', cause: event.cause, candidates: [] })",
  ),
  breakage(
    'a lost POST left the money alone',
    'task/machine.ts',
    "effect: maybeTaken ? 'unknown' : 'none' }",
    "effect: 'none' }",
  ),
  breakage(
    'a POST that was answered 503 left the money alone',
    'task/machine.ts',
    'return event.details.httpStatus === 503',
    'return false',
    'tests/conformance/submit.test.ts',
  ),
  breakage(
    'a lost POST is given up without a lookup',
    'task/machine.ts',
    "return maybeTaken && code !== 'unauthorized' ?",
    'return false ?',
    'tests/conformance/submit.test.ts',
  ),
  breakage(
    'a webhook overwrites what is settled',
    'task/machine.ts',
    "(!ending || (ending.status === 'unknown' && event.via !== 'task'))",
    "(!ending || event.via !== 'task')",
  ),
  breakage('a lookup guesses between several', 'task/lookup.ts', 'return [another || ', 'return ['),
  breakage('a lookup takes any age', 'task/lookup.ts', '!(ageMs >', '!(ageMs * 0 >'),
  breakage(
    'transactions are dated by our clock',
    'task/read-reply.ts',
    'record.createdAt + skewMs',
    'record.createdAt + skewMs * 0',
  ),

  // What is remembered
  breakage(
    'the journal is forgotten',
    'task/remember.ts',
    '  else await journal.setItem(key,',
    '  else if (kept) await journal.setItem(key,',
  ),
  breakage(
    'the POST does not wait for the journal',
    'task/loop.ts',
    '      await this.#saving\n      const unsent',
    '      const unsent',
  ),
  breakage(
    'observers learn of it before the journal',
    'task/loop.ts',
    '    this.#saved = record\n    // One',
    '    this.#saved = record\n    this.#tell(record)\n    // One',
  ),
  breakage(
    'the journal keeps card tokens',
    'task/remember.ts',
    'SECRET.test(field) ? undefined :',
    'field.length > 99 ? undefined :',
  ),
  breakage(
    'a submission nobody heard of is forgotten',
    'task/remember.ts',
    ": { ...record, maybeTaken: true, recovered: true, failure: { code: 'submit-lost' } }",
    ': undefined',
  ),
  breakage(
    'a process overwrites what another heard',
    'task/remember.ts',
    'if (answered) return',
    'if (answered && !answered) return',
  ),
  breakage(
    'the end of our asking is replayed as an outcome',
    'task/remember.ts',
    'if (ending && isAnswer(ending)) return',
    'if (ending) return',
  ),

  // When it is asked
  breakage(
    'a schedule may say anything',
    'task/next-delay.ts',
    'if (Number.isFinite(delayMs) && delayMs >= 0) return delayMs',
    'return delayMs',
  ),
  breakage(
    'lookups wait as long as the schedule says',
    'task/next-delay.ts',
    'const LONGEST_LOOKUP_MS = 30_000',
    'const LONGEST_LOOKUP_MS = 60 * 60_000',
    'tests/conformance/time.test.ts',
  ),
  breakage(
    'losses cost no credit',
    'task/machine.ts',
    'credit: Math.max(0, credit - 1)',
    'credit',
    'tests/conformance/time.test.ts',
  ),
  breakage(
    'Retry-After is ignored',
    'task/exchange.ts',
    'retryAfterMs ? now + retryAfterMs : 0',
    '0',
    'tests/conformance/reading.test.ts',
  ),
  breakage(
    'what was heard is forgotten when it is resumed in the same client',
    'client/create-client.ts',
    'earlier.polls >= record.polls ? again(earlier) : record',
    'earlier.polls >= record.polls ? record : record',
    'tests/conformance/continuity.test.ts',
  ),
  breakage(
    'a submission nobody heard of is new when it is submitted again',
    'client/create-client.ts',
    '(maybeTaken && earlier?.createdAt) || clock.now()',
    'clock.now()',
  ),
  breakage(
    'a clock that is set back starts the schedule again',
    'task/loop.ts',
    'this.since -= Math.max(0, this.#seenAt - now)',
    '',
    'tests/conformance/time.test.ts',
  ),
  breakage(
    'a key that the gateway has forgotten is posted again',
    'task/loop.ts',
    'const forgotten = maybeTaken',
    'const forgotten = this.sent && !this.sent',
    'tests/conformance/submit.test.ts',
  ),
  breakage(
    'a key that was forgotten while the machine slept is posted again',
    'task/loop.ts',
    'const forgotten = maybeTaken',
    'const forgotten = !this.sent && maybeTaken',
  ),
  breakage('two POSTs of one payment are in flight', 'observable/pacer.ts', 'earlier ? earlier.#first : this', 'this'),
  breakage(
    'a date in the future is believed',
    'task/loop.ts',
    'this.since = Math.min(record.createdAt, this.#seenAt)\n    this.#recall',
    'this.since = record.createdAt\n    this.#recall',
  ),

  // What is encrypted
  breakage(
    'a padding has a zero in it, which ends it',
    'encryption/encrypt-bytes.ts',
    'zero >= 0; zero',
    'zero > 1e9; zero',
    'packages/core/src/encryption/encrypt-bytes.test.ts',
  ),
  breakage(
    'a ciphertext loses the zeros that it begins with',
    'encryption/big-integer.ts',
    "integer.toString(16).padStart(2 * length, '0')",
    'integer.toString(16)',
    'packages/core/src/encryption/encrypt-bytes.test.ts',
  ),
  breakage(
    'an unknown field of a card goes out in the clear',
    'encryption/read-card.ts',
    "typeof value === 'boolean') flags[name] = value",
    'value) flags[name] = value as boolean',
    'packages/core/src/encryption/read-card.test.ts',
  ),

  // Who observes
  breakage(
    'it goes on when nobody observes',
    'task/loop.ts',
    "(this.observed && phase !== 'submit')",
    "phase !== 'submit'",
    'tests/conformance/observers.test.ts',
  ),
  breakage(
    'what an observer throws ends the loop',
    'observable/subscriber.ts',
    '    } catch (error) {\n      reportError(error)\n',
    '    } catch (error) {\n      throw error\n',
  ),
  breakage('timers run on after the end', 'observable/pacer.ts', 'this.clock.clearTimeout(this.#timer)', ''),
]
