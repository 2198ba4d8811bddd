/** A reply as `fetch` would show it: a lost connection is a rejection, a cut body an error in its stream. */
import type { Reply, WireReply } from './reply.ts'
import { onStop, type StopSignal } from './stop-signal.ts'

/** These statuses have no body, and `Response` refuses one. */
const withoutBody: readonly number[] = [204, 205, 304]

/** @throws TypeError for a dropped connection */
export function toResponse(wire: WireReply, signals: readonly StopSignal[]): Response {
  switch (wire.kind) {
    case 'answer':
      return new Response(bodyOf(wire.reply), init(wire.reply))
    case 'drop':
      throw lostConnection()
    case 'truncate':
      return new Response(truncated(wire.reply, wire.sent), init(wire.reply))
    case 'stall':
      return new Response(stalled(wire.reply, wire.sent, signals), init(wire.reply))
  }
}

/** What `fetch` rejects with in Node; other runtimes differ in text, not in class. */
export function lostConnection(): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) })
}

function bodyOf({ status, body }: Reply): string | null {
  return withoutBody.includes(status) ? null : body
}

function init({ status, headers }: Reply): ResponseInit {
  return { status, headers }
}

function truncated(reply: Reply, sent: number): ReadableStream<Uint8Array> {
  let begun = false
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        // An error discards what was queued with it, so the half is handed over first.
        if (begun || sent === 0) return controller.error(new TypeError('terminated'))
        begun = true
        controller.enqueue(firstBytes(reply, sent))
      },
    },
    { highWaterMark: 0 },
  )
}

function stalled(reply: Reply, sent: number, signals: readonly StopSignal[]): ReadableStream<Uint8Array> {
  let release = (): void => {}
  return new ReadableStream<Uint8Array>({
    start(controller) {
      if (sent > 0) controller.enqueue(firstBytes(reply, sent))
      release = onStop(signals, (reason) => controller.error(reason))
    },
    cancel: () => release(),
  })
}

function firstBytes(reply: Reply, count: number): Uint8Array {
  return new TextEncoder().encode(reply.body ?? '').subarray(0, count)
}
