/** What some faults make of the gateway's own answer. */
import { json, type Reply } from '../reply.ts'
import { isObject } from '../request/field-check.ts'

/** The answer under another task's id, in its URLs too; one that names no task becomes `processing` under that id. */
export function withForeignId(reply: Reply | undefined, foreignId: string): Reply {
  const body = fieldsOf(reply)
  if (!reply || typeof body?.request_id !== 'string') return json(200, { status: 'processing', request_id: foreignId })
  return { ...reply, body: JSON.stringify(body).replaceAll(body.request_id, foreignId) }
}

/** The answer with another word for the status of the task. */
export function withStatusWord(reply: Reply, word: string): Reply {
  return change(reply, (body) => ({ ...body, status: word }))
}

/** The answer with the task's URLs on another origin. */
export function withOrigin(reply: Reply, origin: string): Reply {
  return change(reply, (body) => {
    const moved = ['status_url', 'response_url'].flatMap((name) => {
      const url = body[name]
      return typeof url === 'string' ? [[name, origin.replace(/\/$/, '') + new URL(url).pathname]] : []
    })
    return { ...body, ...Object.fromEntries(moved) }
  })
}

/** The answer without the task's URLs. */
export function withoutUrls(reply: Reply): Reply {
  return change(reply, ({ status_url, response_url, ...rest }) => rest)
}

/** The answer at that size, still valid JSON. */
export function withPadding(reply: Reply, bytes: number): Reply {
  return change(reply, (body) => {
    const bare = new TextEncoder().encode(JSON.stringify({ ...body, padding: '' })).length
    return { ...body, padding: 'x'.repeat(Math.max(0, bytes - bare)) }
  })
}

function change(reply: Reply, edit: (body: Record<string, unknown>) => Record<string, unknown>): Reply {
  const body = fieldsOf(reply)
  return body ? { ...reply, body: JSON.stringify(edit(body)) } : reply
}

function fieldsOf(reply: Reply | undefined): Record<string, unknown> | undefined {
  const value: unknown = reply?.body ? JSON.parse(reply.body) : undefined
  return isObject(value) ? value : undefined
}
