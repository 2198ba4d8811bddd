/**
 * The rules by name, and what excuses each of them: faults that struck, or deeds of the application, after which it is not
 * asked for. A rule is narrowed here and nowhere else.
 */
const STORAGE = [
  'storage-throws',
  'storage-rejects',
  'storage-hangs',
  'storage-loses',
  'storage-stale',
  'storage-late',
  'storage-full',
  'storage-wiped',
] as const

export const ruleBook = {
  'one payment is charged once': [],
  'one payment is one task': ['journal-unread'],
  'one request in flight per task': [],
  'requests go to the task’s own paths': [],
  'no card data anywhere': [],
  'no unhandled rejection': [],
  'every POST is the same under one RequestID': [],
  'three POSTs at most for a submit': [],
  'no POST later than two minutes after submit()': ['clock-jump', 'auth-slow'],
  'the journal has it before the first byte leaves': STORAGE,
  'a request in flight is heard to its end': ['auth-slow'],
  'requests stay within the schedule': ['clock-jump', 'lookup'],
  'Retry-After is waited out': ['clock-jump', 'lookup', 'check'],
  'nothing outlasts the deadline': ['clock-jump', 'sleep', 'auth-slow', 'auth-hangs', 'storage-hangs', 'lookup'],
  'nothing is sent once all tasks are stopped': ['lookup', 'check', 'step'],
  'what was heard is never asked for again': [],
  'what is journaled is never asked for again': STORAGE,
  'processing* → completed? → result | unknown': [],
  // A machine that submits a key seconds after another takes our transaction for an older one, and a rival's for ours.
  'only a transaction that is ours is an outcome': [
    'clock-jump',
    'auth-slow',
    'journal-unread',
    'later-try-alone',
    'later-try-elsewhere',
    'later-try-paid',
    'other-machine',
  ],
  'success and failure come from the gateway alone': [],
  'an error was heard': [],
  'an error is the gateway’s word': ['forgotten-task', 'expired', 'json-200'],
  'nothing is given up before it was looked up': ['auth-rejects', 'auth-hangs', 'auth-empty'],
  'last words are the outcome': ['clock-jump'],
  'what was heard is the outcome': [],
  'what is settled stays settled': [],
  'news of a transaction replaces what is shown': ['storage-hangs'],
  'what was shown survives a restart': STORAGE,
  'nothing heard is overwritten by less': [],
  'the journal keeps no end of our polling as an outcome': [],
  '"none" means that nothing was taken': ['listed-late'],
  'the outcome comes in time': ['error-for-ever'],
  'the outcome is what the gateway has': [],
  'nothing runs on after the end': [],
} as const satisfies Record<string, readonly string[]>

export type Rule = keyof typeof ruleBook
