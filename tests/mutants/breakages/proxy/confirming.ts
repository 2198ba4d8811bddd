/** What counts as the word of the gateway, and what a page is told of it. */
import { type Breakage, proxyBreakage as breakage } from '../breakage.ts'

export const confirming: readonly Breakage[] = [
  breakage(
    'an error is told before it is confirmed',
    'outcomes/apply-reading.ts',
    '      return {\n        record: heard,\n        answer: processing(requestId),',
    '      return {\n        record: heard,\n        answer: { status: httpStatus, body: heard.lastWords?.body ?? {} },',
  ),
  breakage(
    'a 404 without our id confirms',
    'outcomes/apply-reading.ts',
    'return reading.certain\n        ? {',
    'return reading.type\n        ? {',
  ),
  breakage(
    'a lost read is not marked',
    'outcomes/apply-reading.ts',
    '  return { record: { ...record, lost: true }, answer: unavailable() }\n}',
    '  return { record, answer: unavailable() }\n}',
  ),
  breakage(
    'words outlive a later processing',
    'outcomes/apply-reading.ts',
    '  const { lastWords: _, lookups: __, ...known } = record',
    '  const { lookups: __, ...known } = record',
  ),
  breakage(
    'one empty list is none',
    'outcomes/apply-lookup.ts',
    "const effect = gone && empty && !record.inDoubt && isRefusal(lastWords) ? 'none' : 'unknown'",
    "const effect = isRefusal(lastWords) ? 'none' : 'unknown'",
  ),
  breakage(
    'an error is kept though the lookup was lost',
    'outcomes/apply-lookup.ts',
    "if (reading.type !== 'listed') return { record, answer }",
    "if (reading.type !== 'listed') return settled(record, { httpStatus: 500, body: { message: '', confirmed: true, effect: 'unknown' } })",
  ),
  breakage(
    'an error that the store took away is told at once',
    'outcomes/read-task.ts',
    'answer: outcome ? unavailable() : answer, stored:',
    'answer: outcome ? { status: outcome.httpStatus, body: outcome.body } : answer, stored:',
    'tests/proxy/outcomes.test.ts',
  ),
  breakage(
    'the gateway is read before the store has it',
    'outcomes/read-task.ts',
    'return { ...known, reading: owner, ...((known.lost || known.reading) && { lost: true }) }',
    'return known',
  ),
  breakage(
    'another order reads the task',
    'outcomes/read-task.ts',
    "if (known?.order !== order) return unknownTask(requestId, 'not-found')",
    "if (!known) return unknownTask(requestId, 'not-found')",
    'tests/proxy/binding.test.ts',
  ),
  breakage(
    'an outcome that was not stored is forgotten',
    'outcomes/read-task.ts',
    'if (outcome || lastWords) unstored.keep(next)',
    '',
    'tests/proxy/outcomes.test.ts',
  ),
  breakage(
    'the shop is told twice as late: never of a later success',
    'outcomes/notify.ts',
    '  !record?.told ||\n',
    '  !record?.told && \n',
    'tests/proxy/webhooks.test.ts',
  ),
  breakage(
    'the shop counts as told before it was',
    'outcomes/notify.ts',
    'return succeeded && !!(await lease.finish({',
    'return !!(await lease.finish({',
    'tests/proxy/outcomes.test.ts',
  ),
  breakage(
    'a webhook settles whatever it may be about',
    'outcomes/settle-webhook.ts',
    'return same ?? (candidates.length === 1 ? candidates[0] : undefined)',
    'return same ?? candidates[0]',
    'tests/proxy/webhooks.test.ts',
  ),
  breakage(
    'a webhook without a date settles',
    'outcomes/settle-webhook.ts',
    'parseTime(transaction.created_at) >= record.takenAt',
    '!(parseTime(transaction.created_at) < record.takenAt)',
    'tests/proxy/webhooks.test.ts',
  ),
  breakage(
    'a webhook that was not stored is taken',
    'outcomes/settle-webhook.ts',
    'return told ? undefined : unavailable()',
    'return undefined',
    'tests/proxy/webhooks.test.ts',
  ),
]
