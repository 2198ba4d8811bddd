/** What the gateway says of a task: the acknowledgement, and the answers to both GETs. Protocol section 1. */
import { custom, is, object, optional } from 'valibot'
import { once, text } from './text.ts'

/** `{ "status": "processing", "request_id": "…", … }`: the word is kept open. */
export interface TaskStatus {
  readonly status: string
  readonly request_id?: string | null
  /** Of the acknowledgement. */
  readonly status_url?: unknown
  /** Of the acknowledgement, and of `completed`. */
  readonly response_url?: unknown
  /** Of a proxy's `unknown`: that the answer was lost on its side. */
  readonly cause?: unknown
  /** Of a response that another tab got: a response was lost before. */
  readonly lost?: unknown
  /** Of a proxy's error: it is the gateway's own, and was looked up. */
  readonly confirmed?: unknown
  /** With `confirmed`: what may have happened to the money. */
  readonly effect?: unknown
}

const id = () => optional(custom<string | null>((value) => value === null || typeof value === 'string'))
const schema = /* @__PURE__ */ once(() => object({ status: text(), request_id: id() }))

export const isTaskStatus = (value: unknown): value is TaskStatus => is(schema(), value)

/** What a request id may be made of, so that a hostile one cannot leave the task's own two paths. */
export const REQUEST_ID: RegExp = /^[\w-]{1,128}$/

/** What a tracking id or a uid may be made of: a path segment of the lookup. A dot or two would ask for another path. */
export const LOOKUP_ID: RegExp = /^(?!\.\.?$)[^\p{Cc}\p{Cs}]{1,255}$/u
