import { type Breakage, breakage } from './breakage.ts'

const WEBHOOKS = 'tests/conformance/webhooks.test.ts'
const FILE = 'webhook/verify-webhook.ts'

/** What makes a webhook the gateway's word. */
export const webhooks: readonly Breakage[] = [
  breakage(
    'any webhook is the gateway’s',
    FILE,
    "if (!checks.includes(true)) throw new WebhookError('signature-invalid', 'The signature is not of any of the keys')",
    '',
    WEBHOOKS,
  ),
  breakage('all keys have to fit', FILE, '!checks.includes(true)', 'checks.includes(false)', WEBHOOKS),
  breakage(
    'only the first key counts',
    FILE,
    '[publicKey].flat().map(importKey)',
    '[publicKey].flat().slice(0, 1).map(importKey)',
    WEBHOOKS,
  ),
  breakage('credentials are passed over', FILE, 'if (credentials && !', 'if (!credentials && !', WEBHOOKS),
  breakage(
    'a webhook without a signature is a fault of ours',
    FILE,
    'if (!signature?.length) throw',
    'if (signature?.length === 1e9) throw',
    WEBHOOKS,
  ),
  breakage(
    'a body of any size is read',
    FILE,
    'if (body.length > MAX_BYTES)',
    'if (body.length > 1e9 * MAX_BYTES)',
    WEBHOOKS,
  ),
  breakage(
    'a signed body without a transaction is one',
    FILE,
    'if (!transaction) throw',
    'if (transaction === null) throw',
    WEBHOOKS,
  ),
  breakage(
    'a verified webhook settles nothing',
    FILE,
    'return markVerified(transaction)',
    'return transaction',
    WEBHOOKS,
  ),
  breakage(
    'a key that is none looks like a forged webhook',
    FILE,
    "throw new WebhookError('config', 'publicKey must",
    "throw new WebhookError('signature-invalid', 'publicKey must",
    WEBHOOKS,
  ),
  breakage('a weaker digest is accepted', FILE, "hash: 'SHA-256' }", "hash: 'SHA-1' }", WEBHOOKS),
  breakage(
    'a webhook of another order settles a task',
    'task/transaction-task.ts',
    'transaction.tracking_id === known.trackingId &&\n',
    '',
    WEBHOOKS,
  ),
  breakage(
    'an object that looks like a webhook settles a task',
    'task/transaction-task.ts',
    'isVerified(transaction) && this.#isOurs',
    'this.#isOurs',
    WEBHOOKS,
  ),
  breakage(
    'a webhook about an earlier try settles a task',
    'task/transaction-task.ts',
    '(isSuccessful(transaction) || isOfNow(transaction, createdAt + skewMs))',
    'true',
    WEBHOOKS,
  ),
]
