import { type Breakage, breakage } from './breakage.ts'

const CHECK = 'tests/conformance/check.test.ts'
const CONTINUITY = 'tests/conformance/continuity.test.ts'
const OTHERS = 'tests/conformance/others.test.ts'
const CREATE = 'packages/core/src/client/client-over.test.ts'
const LOOKUPS = 'tests/conformance/lookups.test.ts'
const OPTIONS = 'packages/core/src/client/options.test.ts'
const ONCE = 'tests/conformance/submit-once.test.ts'
const REGISTRY = 'packages/core/src/client/registry.test.ts'

/** The client: steps, lookups, recovery, options and one order, one charge. */
export const client: readonly Breakage[] = [
  // check
  breakage(
    'a step asks after the task of a transaction that waits for its customer',
    'client/check.ts',
    'if (payment.known.uid) {',
    'if (payment.known.uid === null) {',
    CHECK,
  ),
  breakage(
    'a step makes one exchange, though another is due',
    'client/check.ts',
    'const EXCHANGES = 4',
    'const EXCHANGES = 1',
    CHECK,
  ),
  breakage(
    'a lost submission starts anew with each step',
    'client/check.ts',
    '{ ...given, ...stateOf(known) }',
    'given',
    CHECK,
  ),
  breakage(
    'a final transaction is looked up for ever',
    'client/check.ts',
    '(transaction && !isOpen(transaction)) || elapsedMs >= deadlineMs',
    'elapsedMs >= deadlineMs',
    CHECK,
  ),
  breakage(
    'a transaction that waits is looked up past its deadline',
    'client/check.ts',
    '(transaction && !isOpen(transaction)) || elapsedMs >= deadlineMs',
    'transaction && !isOpen(transaction)',
    CHECK,
  ),
  breakage(
    'an error of a step is lost in a queue',
    'client/check.ts',
    "snapshot.status === 'error' ? { status: 'error', error: snapshot.error.toJSON() as unknown as PlainError } : snapshot",
    'snapshot as PlainSnapshot',
    CHECK,
  ),
  breakage(
    'an error from a queue is of another class',
    'client/check.ts',
    "plain.code === 'unknown-outcome'",
    'plain.code === undefined',
    CHECK,
  ),
  breakage(
    'the next step is due before now',
    'client/check.ts',
    'Math.max(0, Math.min(payment.waitMs, nextAt - clock.now()))',
    'nextAt - clock.now() - 1e6',
    CHECK,
  ),

  // createClient
  breakage(
    'a key that the caller chose is not looked for in the journal',
    'client/client-over.ts',
    'new Payment(settings, record, !!options.requestKey)',
    'new Payment(settings, record, false)',
    OTHERS,
  ),
  breakage(
    'two tasks under one key are mixed',
    'client/client-over.ts',
    'const foreign = requestId !== undefined && (known?.known.requestId ?? requestId) !== requestId',
    'const foreign = false',
    CONTINUITY,
  ),
  breakage(
    'what has just ended is removed from the journal',
    'client/client-over.ts',
    'clock.now() - (record.savedAt ?? 0) >= RETENTION_MS',
    'clock.now() - (record.savedAt ?? 0) >= 0',
    CONTINUITY,
  ),
  breakage(
    'what ended long ago stays in the journal',
    'client/client-over.ts',
    'clock.now() - (record.savedAt ?? 0) >= RETENTION_MS',
    'clock.now() - (record.savedAt ?? 0) >= 1e15',
    CONTINUITY,
  ),
  breakage(
    'the payments of another order are recovered',
    'client/client-over.ts',
    'if (!record || (trackingId !== undefined && record.trackingId !== trackingId)) continue',
    'if (!record) continue',
    CONTINUITY,
  ),
  breakage(
    'more is recovered than was asked for',
    'client/client-over.ts',
    'if (recovered.length >= limit) break',
    '',
    CONTINUITY,
  ),
  breakage('a handle of another version is used', 'client/client-over.ts', 'v === undefined\n', 'v === null\n', CREATE),
  breakage(
    'the bytes change with the request',
    'client/client-over.ts',
    'const body = serialise(type, request, intent.trackingId)',
    'const body = { toString: () => serialise(type, request, intent.trackingId) } as string',
    'tests/conformance/submit.test.ts',
  ),
  breakage(
    'the URLs of a handle are believed without a word',
    'client/client-over.ts',
    "if (handle.statusUrl !== statusUrl || handle.responseUrl !== responseUrl) payment.warn('untrusted-url')",
    '',
    'tests/conformance/addresses.test.ts',
  ),

  // find
  breakage(
    'a 404 of a server on the way says that there is no transaction',
    'client/find.ts',
    'httpStatus === 404 && !trackingId && fault',
    'httpStatus === 404',
    OTHERS,
  ),
  breakage(
    'a refused lookup looks unanswered',
    'client/find.ts',
    "lost === 'auth' || httpStatus === 401 || httpStatus === 403",
    'false',
    LOOKUPS,
  ),
  breakage('an id leads a lookup elsewhere', 'client/find.ts', ' || !LOOKUP_ID.test(id)', '', LOOKUPS),

  // options
  breakage(
    'a card crosses the network in the clear',
    'client/options.ts',
    'if (UNSAFE_URL.test(baseUrl) && !settings.allowHttp)',
    'if (UNSAFE_URL.test(baseUrl) && settings.allowHttp)',
    OPTIONS,
  ),
  breakage(
    'a page may hold the secret',
    'client/options.ts',
    "if (auth.holdsSecret && 'document' in globalThis && !settings.allowSecretInBrowser)",
    "if (auth.holdsSecret && 'document' in globalThis && settings.allowSecretInBrowser)",
    OPTIONS,
  ),
  breakage(
    'a mistyped option is passed over',
    'client/options.ts',
    'if (!Object.hasOwn(defaults, name))',
    'if (!name)',
    OPTIONS,
  ),
  breakage('an option of another type is taken', 'client/options.ts', 'typeof value !== type || ', '', OPTIONS),
  breakage(
    'a deadline of nothing is taken',
    'client/options.ts',
    "(type === 'number' && !(value > 0))",
    'false',
    OPTIONS,
  ),
  breakage(
    'an object is a journal',
    'client/options.ts',
    'const missing = journal && ',
    'const missing = null && ',
    OPTIONS,
  ),
  breakage(
    'a base URL brings credentials',
    'client/options.ts',
    'if (!baseUrl || !BASE_URL.test(settings.baseUrl))',
    'if (!baseUrl)',
    OPTIONS,
  ),
  breakage(
    'shops at two gateways share their entries',
    'client/options.ts',
    'resolved(baseUrl)}`',
    "resolved('')}`",
    CONTINUITY,
  ),

  // registry
  breakage(
    'a payment is held for ever',
    'client/registry.ts',
    "typeof WeakRef === 'function' ? new WeakRef(value) : ",
    '',
    REGISTRY,
  ),
  breakage(
    'keys of what is gone stay',
    'client/registry.ts',
    'if (!held.deref()) this.#values.delete(stale)',
    'if (!held) this.#values.delete(stale)',
    REGISTRY,
  ),

  // submitOnce
  breakage(
    'a second click is a second payment',
    'client/submit-once.ts',
    'if (known && weight > 1) return known.task',
    '',
    ONCE,
  ),
  breakage(
    'a try that may have charged is followed by one under another key',
    'client/submit-once.ts',
    'const requestKey = known && weight ?',
    'const requestKey = known && !known ?',
    ONCE,
  ),
  breakage(
    'another order is sent while one is in doubt',
    'client/submit-once.ts',
    'if (current && !mine && hasCharged(current.state) === undefined) return current.task',
    '',
    ONCE,
  ),
  breakage(
    'a recovered failure replaces a payment',
    'client/submit-once.ts',
    'weightOf(latest.getSnapshot()) > weightOf(task.getSnapshot())',
    'weightOf(latest.getSnapshot()) > 9',
    ONCE,
  ),
  breakage(
    'a task under way is forgotten',
    'client/submit-once.ts',
    ' || weightOf(task.getSnapshot()) === UNDER_WAY) return',
    ') return',
    ONCE,
  ),
  breakage(
    'an earlier try makes a later one forgotten',
    'client/submit-once.ts',
    'orders.get(task.trackingId) !== task || ',
    '',
    ONCE,
  ),
  breakage(
    'a request without an order is of any order',
    'client/submit-once.ts',
    'const order = mine?.task.trackingId ?? id',
    'const order = id',
    ONCE,
  ),
]
