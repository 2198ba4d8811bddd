/** Handles and journal entries, as they may come back from a storage, a queue or another version of the library. */
import { custom, object, optional, safeParse } from 'valibot'
import { complaint } from './complaint.ts'
import { LOOKUP_ID, REQUEST_ID } from './task-status.ts'
import { text } from './text.ts'

const count = () => custom<number>((value) => typeof value === 'number' && !Number.isNaN(value), 'must be a number')
const word = () => text('must be a text')
const anything = () => optional(custom(() => true))

/** The details of a failure. */
const details = () => ({
  fieldErrors: anything(),
  gatewayCode: anything(),
  friendlyMessage: anything(),
  httpStatus: anything(),
  gatewayRequestId: anything(),
  cause: anything(),
})

/** Counters that lead a run of lookups, or of errors. */
const run = (fields: readonly string[]) => object(Object.fromEntries(fields.map((field) => [field, count()])))

/** Only the fields that are named are taken over. An `ending` is checked as far as reading it could fail. */
const schema = () =>
  object({
    v: optional(custom((value) => value === 1, 'must be 1: it is of another version')),
    requestKey: text('must be 1 to 255 visible ASCII characters', /^[\x21-\x7e]{1,255}$/),
    trackingId: text('must be a tracking id', LOOKUP_ID),
    type: text('must be a name', /^[\w-]+$/),
    amount: optional(count()),
    currency: optional(word()),
    parentUid: optional(word()),
    test: optional(custom((value) => typeof value === 'boolean', 'must be true or false')),
    createdAt: count(),
    paymentMethod: optional(word()),
    requestId: optional(text('must be an id of the gateway', REQUEST_ID)),
    polls: optional(count(), 0),
    lost: optional(count(), 0),
    lastWords: optional(
      object({ message: word(), polls: optional(count(), 0), at: optional(count(), 0), ...details() }),
    ),
    repeated: optional(object({ text: word(), times: count() })),
    denied: optional(run(['times', 'since'])),
    alive: optional(run(['polls', 'at'])),
    completed: anything(),
    skewMs: optional(count()),
    gone: optional(word()),
    lookups: optional(object({ asked: count(), empty: count(), since: optional(count()), found: optional(word()) })),
    retryQuota: optional(count()),
    inDoubt: anything(),
    postedAt: optional(count()),
    uid: optional(text('must be a uid', LOOKUP_ID)),
    unknownAt: optional(count()),
    ending: optional(
      object({
        status: text('must be result, unknown or error', /^(result|unknown|error)$/),
        body: anything(),
        via: anything(),
        candidates: anything(),
        code: anything(),
        effect: anything(),
        message: anything(),
        ...details(),
      }),
    ),
    savedAt: optional(count()),
  })

/** The fields of a record, or the rule that it breaks. */
export function parseRecord(value: unknown): object | string {
  const { output, issues } = safeParse(schema(), value)
  return complaint(issues) ?? (output as object)
}
