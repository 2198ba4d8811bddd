import { type Breakage, breakage } from './breakage.ts'

const ATTEMPT = 'packages/core/src/transport/attempt.test.ts'
const OTHERS = 'tests/conformance/others.test.ts'

/** What is sent, and how often. */
export const sending: readonly Breakage[] = [
  breakage(
    'ky retries and throws, as by default',
    'transport/ky-send.ts',
    'retry: 0, throwHttpErrors: false',
    'retry: 2',
  ),
  breakage('redirects are followed', 'transport/attempt.ts', "redirect: 'manual'", "redirect: 'follow'", ATTEMPT),
  breakage('polls are answered from a cache', 'transport/attempt.ts', '    ...transport.cache,\n', '', ATTEMPT),
  breakage('a body that stalls is waited for', 'transport/attempt.ts', 'request.timeoutMs, answer', '2 ** 40, answer'),
  breakage(
    'a body may be of any size',
    'transport/attempt.ts',
    'if (bytes > maxBytes)',
    'if (bytes > maxBytes * 1e9)',
    ATTEMPT,
  ),
  breakage(
    'a response without a stream is lost',
    'transport/attempt.ts',
    "(await response.text?.()) ?? ''",
    "''",
    ATTEMPT,
  ),
  breakage(
    'every POST has a RequestID of its own',
    'payment/exchange.ts',
    '    requestKey,\n    trackingId,\n',
    '    requestKey: submit ? crypto.randomUUID() : requestKey,\n    trackingId,\n',
  ),
  breakage(
    'POSTs go on for ever',
    'payment/submission.ts',
    'const POSTS = 3',
    'const POSTS = 30',
    'tests/conformance/submit.test.ts',
  ),
  breakage(
    'a second submit under the same key is a second payment',
    'client/client-over.ts',
    'known && !known.refused ? known',
    'known && !known ? known',
  ),
  breakage(
    'another payment under a known key gets the outcome of the first',
    'client/client-over.ts',
    'if (difference) throw',
    'if (difference && !difference) throw',
    OTHERS,
  ),
  breakage(
    'a second process sends another payment under a key in the journal',
    'payment/payment.ts',
    'const difference = submitting && differenceOf(stored, this.#record)',
    'const difference = submitting && false',
    OTHERS,
  ),
  {
    name: 'the request is aborted when the last observer leaves',
    edits: [
      {
        file: 'core/src/transport/attempt.ts',
        find: '  const controller = new AbortController()\n',
        replace: '  const controller = new AbortController()\n  underWay.add(controller)\n',
      },
      {
        file: 'core/src/transport/attempt.ts',
        find: 'export async function attempt(',
        replace: 'export const underWay: Set<AbortController> = new Set()\nexport async function attempt(',
      },
      {
        file: 'core/src/payment/payment.ts',
        find: '    this.#observers += observed ? 1 : -1\n',
        replace:
          '    this.#observers += observed ? 1 : -1\n    if (!observed) for (const each of underWay) each.abort()\n    underWay.clear()\n',
      },
      {
        file: 'core/src/payment/payment.ts',
        find: "import type { Transaction } from '../schema/transaction.ts'\n",
        replace:
          "import type { Transaction } from '../schema/transaction.ts'\nimport { underWay } from '../transport/attempt.ts'\n",
      },
    ],
  },
  breakage(
    'a key that the gateway has forgotten is posted again',
    'payment/payment.ts',
    'const forgotten = inDoubt &&',
    'const forgotten = inDoubt && !inDoubt &&',
    'tests/conformance/submit.test.ts',
  ),
  breakage(
    'a key is posted that will be forgotten when it arrives',
    'payment/payment.ts',
    'RETENTION_MS - submitTimeoutMs',
    'RETENTION_MS',
    OTHERS,
  ),
  breakage(
    'a POST leaves although the machine slept after the click',
    'payment/payment.ts',
    'else if (now - this.#submittedAt > SUBMIT_MS)',
    'else if (now - this.#submittedAt > 1e9 * SUBMIT_MS)',
    OTHERS,
  ),
  breakage(
    'a payment is sent before its journal is read',
    'payment/payment.ts',
    'else this.#ledger.record = { ...this.#record, unread: true }',
    '',
    OTHERS,
  ),
  breakage(
    'two POSTs of one payment are in flight',
    'payment/poller.ts',
    'this.#underWay ??= Promise',
    'this.#underWay = Promise',
  ),
]
