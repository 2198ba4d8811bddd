/** Handles and journal entries, as they may come back from a storage, a queue or another version of the library. */
import { literal, looseObject, number, object, optional, pipe, regex, safeParse, string, unknown } from 'valibot'
import { complaint } from './complaint.ts'
import { REQUEST_ID } from './task-status.ts'

const text = string('must be a text')
const count = number('must be a number')

/** Only these fields are taken over. An `ending` is checked as far as reading it could fail. */
const schema = object({
  v: literal(1, 'must be 1: it is of another version'),
  requestKey: pipe(text, regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 visible ASCII characters')),
  trackingId: text,
  type: pipe(text, regex(/^[\w-]+$/, 'must be a name')),
  amount: optional(count),
  currency: optional(text),
  createdAt: count,
  requestId: optional(pipe(text, regex(REQUEST_ID, 'must be an id of the gateway'))),
  polls: count,
  lost: count,
  lastWords: optional(looseObject({ message: text })),
  completed: optional(unknown()),
  skewMs: optional(count),
  gone: optional(text),
  ending: optional(looseObject({ status: pipe(text, regex(/^(result|unknown|error)$/)) })),
  savedAt: optional(count),
})

/** The fields of a record, or what is wrong with it. */
export function parseRecord(value: unknown): object | string {
  const { success, output, issues } = safeParse(schema, value)
  return success ? output : complaint(issues)
}
