import type { Clock } from '@async-transaction/core/protocol'

/** A page's request is a few hundred bytes: one that takes longer holds a connection, and brings no payment. */
const PATIENCE_MS = 30_000

/**
 * The whole body of a request, never more than `maxBytes` of it in memory, whatever its headers say: nothing if there is
 * more. Rejects for one that breaks off, or takes longer than 30 seconds.
 */
export async function readBody(
  request: Request,
  maxBytes: number,
  clock: Clock,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = request.body?.getReader()
  let late = false
  const timer = clock.setTimeout(() => {
    late = true
    reader?.cancel().catch(() => {})
  }, PATIENCE_MS)
  try {
    while (reader) {
      const { done, value } = await reader.read()
      if (late) throw new Error('The body took too long')
      if (done) break
      size += value.byteLength
      if (size > maxBytes) {
        reader.cancel().catch(() => {})
        return undefined
      }
      chunks.push(value)
    }
  } finally {
    clock.clearTimeout(timer)
  }
  const body = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    body.set(chunk, offset)
    offset += chunk.byteLength
  }
  return body
}

/** The JSON in the bytes. `__proto__` is dropped: a body must not be able to change what copies of it inherit. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return JSON.parse(text, (key, value) => (key === '__proto__' ? undefined : value))
  } catch {
    return undefined
  }
}
