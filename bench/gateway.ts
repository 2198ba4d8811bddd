/** The least a gateway can be: what is measured is who asks it. */
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface StubGateway {
  /** The answer to one request, as JSON. */
  answer(method: string, path: string): string
  readonly counts: { submits: number; polls: number; results: number }
}

const transaction = {
  uid: '10203040-5060-4070-8090-102030405060',
  status: 'successful',
  type: 'payment',
  amount: 3245,
  currency: 'KZT',
  message: 'Successfully processed',
}

/** `done` says at which poll of a task, counted from 1, it is done. Without an argument, nothing is counted or kept of a task. */
export function stubGateway(done: (poll: number) => boolean): StubGateway {
  const tasks = new Map<string, number>()
  const counted = done.length > 0
  const counts = { submits: 0, polls: 0, results: 0 }
  const result = JSON.stringify({ transaction })
  return {
    counts,
    answer(method, path) {
      if (method === 'POST') {
        counts.submits++
        const id = randomUUID()
        return JSON.stringify({
          status: 'processing',
          request_id: id,
          status_url: `/async/status/${id}`,
          response_url: `/async/result/${id}`,
        })
      }
      const id = path.slice(path.lastIndexOf('/') + 1)
      if (path.includes('/result/')) {
        counts.results++
        tasks.delete(id)
        return result
      }
      counts.polls++
      const polls = (tasks.get(id) ?? 0) + 1
      if (counted) tasks.set(id, polls)
      return `{"status":"${done(polls) ? 'completed' : 'processing'}","request_id":"${id}"}`
    },
  }
}

/** As a `fetch` that answers at once. */
export const stubFetch = ({ answer }: StubGateway): typeof fetch =>
  (async (input: string | URL | Request, init?: RequestInit) => {
    const [url, method] = input instanceof Request ? [input.url, input.method] : [String(input), init?.method ?? 'GET']
    return new Response(answer(method, url), { headers: { 'content-type': 'application/json' } })
  }) as typeof fetch

/** As a server on a free port of loopback. */
export async function serve({ answer }: StubGateway): Promise<{ baseUrl: string; close(): void }> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(answer(request.method ?? 'GET', request.url ?? ''))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => void server.close(),
  }
}
