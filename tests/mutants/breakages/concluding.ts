import { type Breakage, breakage } from './breakage.ts'

const OTHERS = 'tests/conformance/others.test.ts'

/** What lookups, webhooks and the end of polling prove. */
export const concluding: readonly Breakage[] = [
  breakage(
    'unknown is failed',
    'payment/lookups.ts',
    "settle({ ...next, unknownAt: now }, { status: 'unknown', cause: gone, candidates })",
    "fail(next, { code: 'gateway-error' })",
  ),
  breakage(
    '404 unknown is the end, without a lookup',
    'payment/polling.ts',
    'return { ...known, ...(refuted ?? (words && { lastWords: words })), gone, lookups: { asked: 0, empty: 0 } }',
    "return { ...known, ending: { status: 'unknown', cause: gone, candidates: [] } }",
  ),
  breakage(
    'one empty lookup proves that nothing was taken',
    'payment/lookups.ts',
    'asked >= LOOKUPS && now - since >= LOOKUPS_MS',
    'asked >= 1',
    OTHERS,
  ),
  breakage(
    'lookups that failed prove that nothing was taken',
    'payment/lookups.ts',
    "const proven = failure.effect !== 'none' || (lookups.empty === asked && record.parentUid === undefined)",
    'const proven = true',
    OTHERS,
  ),
  breakage(
    'a declined card is paid for by whom an earlier POST charged',
    'payment/lookups.ts',
    'return !inDoubt && REFUSALS',
    'return REFUSALS',
    OTHERS,
  ),
  breakage(
    'a later try that was declined is taken for ours',
    'payment/lookups.ts',
    'if (lookups?.found !== uid) return false\n',
    '',
    OTHERS,
  ),
  breakage(
    'one that is being processed is taken for its outcome',
    'payment/lookups.ts',
    "const running = status === 'incomplete' && !redirect_url",
    'const running = false',
    OTHERS,
  ),
  breakage(
    'a lookup of the order confirms an error while ours may still run',
    'payment/lookups.ts',
    'if (!enough && (!listed || running)) return next',
    'if (!enough && !listed) return next',
    OTHERS,
  ),
  breakage(
    'an error that repeats is final without a lookup',
    'payment/polling.ts',
    '...(times % REPEATS === 0 && { lookups: { asked: 0, empty: 0 } }),',
    "...(times >= 3 && { ending: { status: 'error' as const, ...details, code: 'gateway-error' as const } }),",
    OTHERS,
  ),
  breakage(
    'a webhook overwrites what is settled',
    'payment/machine.ts',
    'return known?.uid && known.uid === next.uid && supersedes(known, next) ? settled : record',
    'return settled',
  ),
  breakage(
    'a correction does not correct',
    'payment/machine.ts',
    'return known?.uid && known.uid === next.uid && supersedes(known, next) ? settled : record',
    'return record',
    OTHERS,
  ),
  breakage(
    'a lookup guesses between several',
    'payment/choose.ts',
    'const certain = !another && ',
    'const certain = ',
    'tests/conformance/lookups.test.ts',
  ),
  breakage('a lookup takes any age', 'payment/choose.ts', '!(ageMs >', '!(ageMs * 0 >'),
  breakage(
    'a lookup takes any currency',
    'payment/choose.ts',
    '  agree(currency, wanted.currency) &&\n',
    '',
    'packages/core/src/payment/choose.test.ts',
  ),
  breakage(
    'transactions are dated by our clock',
    'payment/read-reply.ts',
    'asked.createdAt + skewMs)',
    'asked.createdAt + skewMs * 0)',
  ),
  breakage(
    'a correction does not supersede',
    'schema/supersedes.ts',
    'corrected === 0 ? rankOf(next) > rankOf(previous) : corrected > 0',
    'rankOf(next) > rankOf(previous)',
    'tests/conformance/webhooks.test.ts',
  ),
  breakage(
    'a late failure takes back a success',
    'schema/supersedes.ts',
    "status === 'successful' ? 2 :",
    "status === 'successful' ? 1 :",
    'tests/conformance/webhooks.test.ts',
  ),
]
