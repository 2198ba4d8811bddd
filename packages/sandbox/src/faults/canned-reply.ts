/** The answers that some faults give in place of the gateway's. */
import { json, type Reply } from '../reply.ts'
import type { Empty, Garbage, Html, Http, ProxyJson, Redirect, Throttle } from './fault.ts'

/** The faults that answer by themselves. */
export type CannedFault = Http | Html | ProxyJson | Throttle | Redirect | Empty | Garbage

/** Whether the gateway did its work first, unless the fault says otherwise. */
export const takenByDefault: Readonly<Record<CannedFault['kind'], boolean>> = {
  http: false,
  html: false,
  'proxy-json': false,
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
    case 'proxy-json':
      return proxyJson(fault)
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

function proxyJson({ status = 502, body = { message: reasons[status] ?? 'Error' }, headers }: ProxyJson): Reply {
  return { status, headers: { ...jsonType, ...lowerCase(headers) }, body: bodyText(body) }
}

/** The words of an intermediary for a status. */
const reasons: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not found',
  408: 'Request timeout',
  409: 'Conflict',
  423: 'Locked',
  425: 'Too early',
  429: 'Too many requests',
  500: 'Internal server error',
  502: 'Bad gateway',
  503: 'Service unavailable',
  504: 'Gateway timeout',
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
