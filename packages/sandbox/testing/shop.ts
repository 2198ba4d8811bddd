/** A shop that talks to the gateway in raw HTTP and raw JSON. It shares nothing with the library's own client. */
import type { Sandbox } from '../src/sandbox.ts'

export interface Answer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: raw JSON, read by assertions
  body: any
}

export interface Shop {
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  /** `POST /async/transactions/{type}`. */
  submit(type: string, request: object, headers?: Record<string, string>): Promise<Answer>
  /** A payment with the card that succeeds, unless the fields say otherwise; resolves with the acknowledgement. */
  pay(fields?: object, headers?: Record<string, string>): Promise<Answer>
  /** Submits, and reads the result at once. */
  outcome(type: string, request: object, headers?: Record<string, string>): Promise<Answer>
  /** `GET /async/transactions/{path}`, and the result of that task. */
  query(path: string): Promise<Answer>
  status(taskId: string): Promise<Answer>
  result(taskId: string): Promise<Answer>
}

export const origin = 'https://gateway.test'

export function createShop(
  sandbox: Pick<Sandbox, 'fetch'>,
  credentials = 'shop-1:secret-1',
  base: string = origin,
): Shop {
  const authorization = `Basic ${btoa(credentials)}`

  const send = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await sandbox.fetch(new Request(base + path, init))
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: parse(text) }
  }

  const shop: Shop = {
    get: (path, headers) => send(path, { headers: { authorization, ...headers } }),
    post: (path, body, headers) =>
      send(path, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    submit: (type, request, headers) => shop.post(`/async/transactions/${type}`, { request }, headers),
    pay: (fields, headers) => shop.submit('payments', payment(fields), headers),
    async outcome(type, request, headers) {
      const { body } = await shop.submit(type, request, headers)
      return shop.result(body.request_id)
    },
    async query(path) {
      const { body } = await shop.get(`/async/transactions/${path}`)
      return shop.result(body.request_id)
    },
    status: (taskId) => shop.get(`/async/status/${taskId}`),
    result: (taskId) => shop.get(`/async/result/${taskId}`),
  }
  return shop
}

/** The body of a payment. Duplicates are let through, for most tests pay more than once. */
export function payment(fields: object = {}): Record<string, unknown> {
  return {
    amount: 3245,
    currency: 'KZT',
    description: 'Order 17',
    tracking_id: 'order-17',
    duplicate_check: false,
    credit_card: card('4200000000000000'),
    ...fields,
  }
}

export function card(number: string, fields: object = {}): Record<string, unknown> {
  return { number, verification_value: '123', holder: 'JANE DOE', exp_month: '05', exp_year: '2035', ...fields }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
