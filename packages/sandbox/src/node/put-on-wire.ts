/** Puts a reply on a socket, whole or broken, as a fault wants it. */
import type { ServerResponse } from 'node:http'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Reply, WireReply } from '../reply.ts'
import { toResponse } from '../to-response.ts'

/** The response for the server to send; or, if the socket has been dealt with, the mark that says so. */
export function putOnWire(wire: WireReply, outgoing: ServerResponse): Response {
  switch (wire.kind) {
    case 'answer':
      return toResponse(wire, [])
    case 'drop':
      outgoing.socket?.resetAndDestroy()
      return RESPONSE_ALREADY_SENT
    case 'truncate':
      sendPart(outgoing, wire.reply, wire.sent, () => outgoing.socket?.destroy())
      return RESPONSE_ALREADY_SENT
    case 'stall':
      sendPart(outgoing, wire.reply, wire.sent, () => {})
      return RESPONSE_ALREADY_SENT
  }
}

/** Promises the whole body and sends its beginning; `then` is called once that has left. */
function sendPart(outgoing: ServerResponse, reply: Reply, sent: number, then: () => void): void {
  const body = Buffer.from(reply.body ?? '')
  outgoing.writeHead(reply.status, { ...reply.headers, 'content-length': Math.max(body.length, sent + 1) })
  outgoing.flushHeaders()
  outgoing.write(body.subarray(0, sent), then)
}
