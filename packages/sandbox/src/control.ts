/**
 * The control API: what the sandbox's methods do, for who runs it in another process. It asks for no credentials and
 * lets any page in, so the sandbox belongs on the loopback interface.
 */
import { plainError } from './gateway-error.ts'
import { json, type Reply, withHeaders } from './reply.ts'
import type { Sandbox } from './sandbox.ts'

const openToAll = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, DELETE',
  'access-control-allow-headers': '*',
}

export type Controlled = Pick<
  Sandbox,
  'fault' | 'clearFaults' | 'tasks' | 'requests' | 'charges' | 'transactions' | 'webhooks' | 'publicKey'
>

/** Answers `/sandbox/…`; `path` is what follows. */
export async function control(
  sandbox: Controlled,
  method: string,
  path: readonly string[],
  query: URLSearchParams,
  body: string,
): Promise<Reply> {
  if (method === 'OPTIONS') return { status: 204, headers: openToAll, body: null }
  return withHeaders(await answer(sandbox, `${method} ${path[0]}`, path[1], query, body), openToAll)
}

async function answer(
  sandbox: Controlled,
  what: string,
  id: string | undefined,
  query: URLSearchParams,
  body: string,
): Promise<Reply> {
  const trackingId = query.get('tracking_id') ?? undefined
  switch (what) {
    case 'POST faults':
      return plan(sandbox, body)
    case 'DELETE faults':
      sandbox.clearFaults()
      return { status: 204, headers: {}, body: null }
    case 'GET tasks':
      return json(200, { tasks: sandbox.tasks() })
    case 'GET requests':
      return json(200, { requests: sandbox.requests() })
    case 'GET charges':
      return json(200, { charges: sandbox.charges(id) })
    case 'GET transactions':
      return json(200, { transactions: sandbox.transactions(trackingId) })
    case 'GET webhooks':
      return json(200, { webhooks: sandbox.webhooks() })
    case 'GET public-key':
      return json(200, { publicKey: await sandbox.publicKey() })
    default:
      return plainError(404, 'The control API has no such operation')
  }
}

function plan(sandbox: Controlled, body: string): Reply {
  try {
    const fault = JSON.parse(body)
    sandbox.fault(fault)
    return json(201, { fault })
  } catch (error) {
    return plainError(400, error instanceof TypeError ? error.message : 'The body is not JSON')
  }
}
