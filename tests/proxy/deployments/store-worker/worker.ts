/** A store of Durable Objects on its own: each request calls one of its methods. */
import {
  createOutcomeObject,
  durableObjectOutcomes,
  type ObjectNamespace,
} from '@async-transaction/proxy/durable-object'

export class Outcomes extends createOutcomeObject({ check: async () => ({ settled: true, waitMs: 0 }) }) {}

export default {
  async fetch(request: Request, env: { readonly OUTCOMES: ObjectNamespace }): Promise<Response> {
    if (request.method !== 'POST') return new Response()
    const store = durableObjectOutcomes(env.OUTCOMES)
    const { method, call } = (await request.json()) as { method: keyof typeof store; call: never[] }
    const answer = await (store[method] as (...call: never[]) => unknown)(...call)
    return Response.json(answer ?? null)
  },
}
