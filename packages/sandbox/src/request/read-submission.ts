/** The envelope of a POST: JSON in UTF-8, `{"request":{…}}` (protocol section 3). */
import { plainError } from '../gateway-error.ts'
import type { Reply } from '../reply.ts'
import { isObject } from './field-check.ts'

/** Larger bodies are refused with 413. */
const largestBody = 1024 * 1024

/** The `request` inside a body, or the answer that refuses it. */
export function readSubmission(
  contentType: string | null,
  body: string,
): { readonly request: Readonly<Record<string, unknown>> } | { readonly refused: Reply } {
  const mediaType = contentType?.split(';')[0]?.trim().toLowerCase()
  if (mediaType !== 'application/json') return { refused: plainError(415, 'Content-Type must be application/json') }
  if (body.length > largestBody) return { refused: plainError(413, 'The body is too large') }
  const value = parseJson(body)
  if (value === undefined) return { refused: plainError(400, 'The body is not JSON') }
  if (!isObject(value) || !isObject(value.request)) {
    return { refused: plainError(400, 'The body has no request', { request: ["can't be blank"] }) }
  }
  return { request: value.request }
}

/** The tracking id in a body, whatever else is wrong with it: faults and records go by it. */
export function trackingIdOf(body: string): string | undefined {
  const value = parseJson(body)
  const trackingId = isObject(value) && isObject(value.request) ? value.request.tracking_id : undefined
  return typeof trackingId === 'string' && trackingId !== '' ? trackingId : undefined
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
