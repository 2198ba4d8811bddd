import { expect, it } from 'vitest'
import type { Fault } from './fault.ts'
import { parseFault } from './parse-fault.ts'

const good: Fault[] = [
  { on: 'submit', kind: 'drop-before' },
  { on: 'any', kind: 'drop-after', trackingId: 'a', nth: 2, times: Number.POSITIVE_INFINITY },
  { on: 'lookup', kind: 'truncate' },
  { on: 'result', kind: 'stall' },
  { on: 'status', kind: 'delay', ms: 0, taken: false },
  { on: 'status', kind: 'http', status: 503, body: { message: 'x' }, headers: { 'Retry-After': '1' }, taken: true },
  { on: 'status', kind: 'html', status: 504 },
  { on: 'lookup-by-uid', kind: 'proxy-json' },
  { on: 'lookup-by-tracking-id', kind: 'proxy-json', status: 403, body: [1], headers: { a: 'b' }, taken: true },
  { on: 'submit', kind: 'resend' },
  { on: 'any', kind: 'resend', status: 409, body: { message: 'x' }, headers: { a: 'b' }, forMs: 3000 },
  { on: 'status', kind: 'throttle', retryAfter: 'soon', status: 503, message: 'x' },
  { on: 'status', kind: 'redirect', location: '/elsewhere', status: 308 },
  { on: 'status', kind: 'empty', status: 204 },
  { on: 'status', kind: 'garbage' },
  { on: 'status', kind: 'oversize', bytes: 10 },
  { on: 'status', kind: 'foreign' },
  { on: 'submit', kind: 'error', status: 422, body: 'x', charged: true },
  { on: 'result', kind: 'forget', charged: true },
  { on: 'submit', kind: 'processing-word', word: 'queued' },
  { on: 'status', kind: 'early-completed', ms: 1000 },
  { on: 'submit', kind: 'untrusted-urls', origin: 'https://evil.example' },
  { on: 'submit', kind: 'missing-urls' },
]

it.each(good)('takes %o', (fault) => {
  expect(parseFault(fault)).toEqual(fault)
})

it.each([
  [null, 'A fault is an object: { on, kind, … }'],
  [{ on: 'submit', kind: 'explode' }, 'kind takes one of drop-before, drop-after,'],
  [{ kind: 'stall' }, 'on takes one of submit, status, result, lookup, lookup-by-uid, lookup-by-tracking-id, any with'],
  [{ on: 'result', kind: 'error' }, 'on takes one of submit with the kind error'],
  [{ on: 'status', kind: 'stall', tracking_id: 'a' }, 'tracking_id is no option of the kind stall'],
  [{ on: 'status', kind: 'stall', nth: 0 }, 'nth takes a whole number from 1'],
  [{ on: 'status', kind: 'stall', times: 1.5 }, 'times takes a whole number from 1'],
  [{ on: 'status', kind: 'stall', forMs: 0 }, 'forMs takes a number of milliseconds, more than 0'],
  [{ on: 'status', kind: 'stall', forMs: Number.POSITIVE_INFINITY }, 'forMs takes a number of milliseconds'],
  [{ on: 'status', kind: 'stall', forMs: 3000, times: 2 }, 'times and forMs exclude each other'],
  [{ on: 'status', kind: 'proxy-json', status: 99 }, 'status takes a status from 200 to 599'],
  [{ on: 'status', kind: 'resend', status: '409' }, 'status takes a status from 200 to 599'],
  [{ on: 'submit', kind: 'resend', body: {} }, 'body and headers of a resend go with its status'],
  [{ on: 'submit', kind: 'resend', headers: {} }, 'body and headers of a resend go with its status'],
  [{ on: 'submit', kind: 'resend', taken: true }, 'taken is no option of the kind resend'],
  [{ on: 'status', kind: 'delay' }, 'ms takes a number of milliseconds'],
  [{ on: 'status', kind: 'http', status: 99 }, 'status takes a status from 200 to 599'],
  [{ on: 'status', kind: 'http', status: 500, headers: { a: 1 } }, 'headers takes an object of texts'],
  [{ on: 'submit', kind: 'error', status: 200 }, 'status takes a status from 201 to 599'],
  [{ on: 'status', kind: 'redirect', location: '/', status: 300 }, 'status takes 301, 302, 303, 307 or 308'],
])('refuses %o', (fault, message) => {
  expect(() => parseFault(fault)).toThrow(TypeError)
  expect(() => parseFault(fault)).toThrow(message)
})
