/** Raw HTTP to the gateway under check. It shares nothing with the client of the library. */
import { basicHeader } from '../shop.ts'

/** A fault that ends the check: it is about the connection or the shop, not about an assumption. */
export class CheckError extends Error {
  override readonly name = 'CheckError'
}

export interface Answer {
  readonly status: number
  /** Parsed JSON; a text if it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: another gateway's answer, of any shape; read field by field
  readonly body: any
}

export interface CallerOptions {
  readonly baseUrl: string
  readonly shopId: string
  readonly secretKey: string
  readonly fetch: (request: Request) => Promise<Response>
  readonly sleep: (ms: number) => Promise<void>
}

export interface GatewayCaller {
  get(path: string, credentials?: string): Promise<Answer>
  submit(type: string, request: object, requestId: string): Promise<Answer>
  /** The first answer that is not `processing`; `undefined` if there is none within a minute and a half. */
  result(taskId: string): Promise<Answer | undefined>
}

const pauseMs = 1000
const patienceMs = 90_000

export function createGatewayCaller({ baseUrl, shopId, secretKey, fetch, sleep }: CallerOptions): GatewayCaller {
  const authorization = basicHeader({ shopId, secretKey })

  const send = async (path: string, init: RequestInit): Promise<Answer> => {
    const request = new Request(`${baseUrl}${path}`, { redirect: 'manual', ...init })
    try {
      const response = await fetch(request)
      return { status: response.status, body: parse(await response.text()) }
    } catch (error) {
      // What a transport says may hold the URL, never the credentials; and the cause names the fault.
      const { code } = ((error as Error).cause ?? {}) as { code?: string }
      throw new CheckError(`the gateway cannot be reached${code ? `: ${code}` : ''}`)
    }
  }

  const get: GatewayCaller['get'] = (path, credentials = authorization) =>
    send(path, { headers: { authorization: credentials, accept: 'application/json' } })

  return {
    get,
    submit: (type, request, requestId) =>
      send(`/async/transactions/${type}`, {
        method: 'POST',
        headers: {
          authorization,
          accept: 'application/json',
          'content-type': 'application/json',
          RequestID: requestId,
        },
        body: JSON.stringify({ request }),
      }),
    async result(taskId) {
      for (let waited = 0; waited < patienceMs; waited += pauseMs) {
        const answer = await get(`/async/result/${taskId}`)
        if (answer.body?.status !== 'processing') return answer
        await sleep(pauseMs)
      }
      return undefined
    },
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
