import { createHttpPoller, type OperationResponse, type RunningOperation } from '@azure/core-lro'
import {
  createDefaultHttpClient,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type HttpMethods,
} from '@azure/core-rest-pipeline'
import { authorization, type Contestant, TIMEOUT_MS } from '../contestant.ts'

/** With its own client for HTTP, which is not `fetch` on Node, unless it is given a stub. */
const contestant: Contestant = {
  name: '@azure/core-lro',
  start({ baseUrl, fetch }, intervalMs) {
    const client = fetch === globalThis.fetch ? createDefaultHttpClient() : overFetch(fetch)
    const pipeline = createEmptyPipeline()
    const send = async (
      method: HttpMethods,
      path: string,
      body?: string,
      abortSignal?: AbortSignalLike,
    ): Promise<OperationResponse> => {
      const request = createPipelineRequest({
        url: baseUrl + path,
        method,
        timeout: TIMEOUT_MS,
        allowInsecureConnection: true,
        headers: createHttpHeaders({ authorization, accept: 'application/json', 'content-type': 'application/json' }),
        ...(body && { body }),
        ...(abortSignal && { abortSignal: abortSignal as AbortSignal }),
      })
      const response = await pipeline.sendRequest(client, request)
      const answer = JSON.parse(response.bodyAsText ?? '')
      const { status, request_id: id } = answer
      const taken = method === 'POST' && {
        'operation-location': `/async/status/${id}`,
        location: `/async/result/${id}`,
      }
      return {
        flatResponse: answer,
        rawResponse: {
          statusCode: response.status,
          headers: { ...response.headers.toJSON(), ...taken },
          body: { ...answer, status: status === 'completed' ? 'Succeeded' : status },
          request: { url: request.url, method },
        },
      }
    }
    return (order, signal) =>
      createHttpPoller(
        {
          sendInitialRequest: () => send('POST', '/async/transactions/payments', JSON.stringify({ request: order })),
          sendPollRequest: (path, options) => send('GET', path, undefined, options?.abortSignal),
        },
        { intervalInMs: intervalMs, resourceLocationConfig: 'location' },
      ).pollUntilDone({ ...(signal && { abortSignal: signal }) })
  },
}
export default contestant

type AbortSignalLike = NonNullable<Parameters<RunningOperation['sendPollRequest']>[1]>['abortSignal']

const overFetch = (fetch: typeof globalThis.fetch): HttpClient => ({
  async sendRequest(request) {
    const { url, method } = request
    const body = request.body as string | undefined
    const response = await fetch(url, { method, headers: request.headers.toJSON(), ...(body && { body }) })
    return {
      request,
      status: response.status,
      headers: createHttpHeaders(Object.fromEntries(response.headers)),
      bodyAsText: await response.text(),
    }
  },
})
