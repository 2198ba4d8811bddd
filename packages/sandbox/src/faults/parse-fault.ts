/** Checks a fault that came as JSON, or from code without types: a typing error must not pass for a quiet network. */
import { isObject } from '../request/field-check.ts'
import { anything, checkOptions, duration, flag, milliseconds, required, type Takes, text, within } from '../takes.ts'
import type { Fault, FaultKind, FaultOn } from './fault.ts'

const httpStatus: Takes = { takes: 'a status from 200 to 599', test: within(200, 599) }
const count: Takes = {
  takes: 'a whole number from 1, or Infinity',
  test: (value) => value === Number.POSITIVE_INFINITY || within(1, Number.MAX_SAFE_INTEGER)(value),
}
const headers: Takes = {
  takes: 'an object of texts',
  test: (value) => isObject(value) && Object.values(value).every((each) => typeof each === 'string'),
}

const anywhere: readonly FaultOn[] = [
  'submit',
  'status',
  'result',
  'lookup',
  'lookup-by-uid',
  'lookup-by-tracking-id',
  'any',
]
const onTasks: readonly FaultOn[] = ['submit', 'status', 'result']
const withUrls: readonly FaultOn[] = ['submit', 'status']

const kinds: Readonly<Record<FaultKind, { readonly on: readonly FaultOn[]; readonly fields: Record<string, Takes> }>> =
  {
    'drop-before': { on: anywhere, fields: {} },
    'drop-after': { on: anywhere, fields: {} },
    truncate: { on: anywhere, fields: {} },
    stall: { on: anywhere, fields: {} },
    delay: { on: anywhere, fields: { ms: required(milliseconds), taken: flag } },
    http: { on: anywhere, fields: { status: required(httpStatus), body: anything, headers, taken: flag } },
    html: { on: anywhere, fields: { status: httpStatus, taken: flag } },
    'proxy-json': { on: anywhere, fields: { status: httpStatus, body: anything, headers, taken: flag } },
    resend: { on: anywhere, fields: { status: httpStatus, body: anything, headers } },
    throttle: {
      on: anywhere,
      fields: {
        retryAfter: {
          takes: 'seconds or a text',
          test: (value) => typeof value === 'string' || (typeof value === 'number' && !Number.isNaN(value)),
        },
        status: httpStatus,
        message: text,
        taken: flag,
      },
    },
    redirect: {
      on: anywhere,
      fields: {
        location: required(text),
        status: {
          takes: '301, 302, 303, 307 or 308',
          test: (value) => [301, 302, 303, 307, 308].includes(value as number),
        },
        taken: flag,
      },
    },
    empty: { on: anywhere, fields: { status: httpStatus, taken: flag } },
    garbage: { on: anywhere, fields: { taken: flag } },
    oversize: { on: anywhere, fields: { bytes: { takes: 'a whole number of bytes', test: within(1, 2 ** 30) } } },
    foreign: { on: onTasks, fields: { taken: flag } },
    error: {
      on: ['submit'],
      fields: { status: { takes: 'a status from 201 to 599', test: within(201, 599) }, body: anything, charged: flag },
    },
    forget: { on: onTasks, fields: { charged: flag } },
    'processing-word': { on: onTasks, fields: { word: required(text) } },
    'early-completed': { on: withUrls, fields: { ms: required(milliseconds) } },
    'untrusted-urls': { on: withUrls, fields: { origin: required(text) } },
    'missing-urls': { on: withUrls, fields: {} },
  }

/** @throws TypeError that names the field and what it takes. */
export function parseFault(value: unknown): Fault {
  if (!isObject(value)) throw new TypeError('A fault is an object: { on, kind, … }')
  const rules =
    typeof value.kind === 'string' && Object.hasOwn(kinds, value.kind) ? kinds[value.kind as FaultKind] : undefined
  if (!rules) throw new TypeError(`kind takes one of ${Object.keys(kinds).join(', ')}`)
  const on: Takes = {
    takes: `one of ${rules.on.join(', ')} with the kind ${value.kind}`,
    test: (each) => rules.on.includes(each as FaultOn),
    required: true,
  }
  const fields: Record<string, Takes> = {
    on,
    kind: anything,
    trackingId: text,
    nth: count,
    times: count,
    forMs: duration,
    ...rules.fields,
  }
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(fields, name)) throw new TypeError(`${name} is no option of the kind ${value.kind}`)
  }
  checkOptions(fields, value)
  const fault = { ...value } as unknown as Fault
  const clash = clashOf(fault)
  if (clash) throw new TypeError(clash)
  return fault
}

/** Options that each are right, and do not go together. */
function clashOf(fault: Fault): string | undefined {
  if (fault.times !== undefined && fault.forMs !== undefined) return 'times and forMs exclude each other'
  if (fault.kind !== 'resend' || fault.status !== undefined) return undefined
  if (fault.body !== undefined || fault.headers !== undefined) return 'body and headers of a resend go with its status'
  return undefined
}
