/** The answers that some faults give in place of the gateway's. */
import { json, type Reply } from '../reply.ts'
import type { Empty, Garbage, Html, Http, Redirect, Throttle } from './fault.ts'

/** The faults that answer by themselves. */
export type CannedFault = Http | Html | Throttle | Redirect | Empty | Garbage

/** Whether the gateway did its work first, unless the fault says otherwise. */
export const takenByDefault: Readonly<Record<CannedFault['kind'], boolean>> = {
  http: false,
  html: false,
  throttle: false,
  redirect: false,
  empty: true,
  garbage: true,
}

const jsonType = { 'content-type': 'application/json; charset=utf-8' }

export function cannedReply(fault: CannedFault): Reply {
  switch (fault.kind) {
    case 'http':
      return { status: fault.status, headers: { ...jsonType, ...lowerCase(fault.headers) }, body: bodyText(fault.body) }
    case 'html':
      return proxyPage(fault.status ?? 502)
    case 'throttle':
      return json(
        fault.status ?? 429,
        fault.message === undefined ? {} : { message: fault.message },
        fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) },
      )
    case 'redirect':
      return { status: fault.status ?? 307, headers: { location: fault.location }, body: '' }
    case 'empty':
      return { status: fault.status ?? 200, headers: jsonType, body: '' }
    case 'garbage':
      return { status: 200, headers: jsonType, body: '{"status": <not json> ' }
  }
}

/** A body given in a fault: a text as it is, anything else as JSON, nothing as nothing. */
export function bodyText(body: unknown): string {
  if (body === undefined) return ''
  return typeof body === 'string' ? body : JSON.stringify(body)
}

function proxyPage(status: number): Reply {
  const title = `${status} ${status === 502 ? 'Bad Gateway' : 'Error'}`
  return {
    status,
    headers: { 'content-type': 'text/html' },
    body: [
      '<html>',
      `<head><title>${title}</title></head>`,
      `<body><center><h1>${title}</h1></center><hr><center>nginx</center></body>`,
      '</html>',
    ].join('\r\n'),
  }
}

function lowerCase(headers: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
