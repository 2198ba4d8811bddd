import { createFalClient } from '@fal-ai/client'
import { authorization, type Contestant } from '../contestant.ts'

/** Its queue, led to our paths by its own hooks. */
const contestant: Contestant = {
  name: '@fal-ai/client',
  start({ baseUrl, fetch }, intervalMs) {
    const { queue } = createFalClient({
      fetch,
      credentials: 'unused',
      requestMiddleware: async ({ method, url, headers }) => {
        const [, id, question] = /\/requests\/([^/?]+)(\/status)?/.exec(url) ?? []
        const path = id ? `/async/${question ? 'status' : 'result'}/${id}` : '/async/transactions/payments'
        return { method, url: baseUrl + path, headers: { ...headers, Authorization: authorization } }
      },
      responseHandler: (async (response: Response) => {
        const body = (await response.json()) as { status: string }
        return { ...body, status: body.status === 'completed' ? 'COMPLETED' : 'IN_PROGRESS' }
      }) as never,
    })
    return async (request, abortSignal) => {
      const { request_id: requestId } = await queue.submit('shop/payments', { input: { request } })
      await queue.subscribeToStatus('shop/payments', {
        requestId,
        mode: 'polling',
        pollInterval: intervalMs,
        ...(abortSignal && { abortSignal }),
      })
      return queue.result('shop/payments', { requestId })
    }
  },
}
export default contestant
