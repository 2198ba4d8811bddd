/**
 * The control API: what the sandbox's methods do, for who runs it in another process. It asks for no credentials: over
 * sockets, `node/strangers.ts` keeps the pages of other machines out.
 */
import { plainError } from './gateway-error.ts'
import { UnknownTransaction } from './processing/unknown-transaction.ts'
import { json, type Reply, withHeaders } from './reply.ts'
import type { Sandbox } from './sandbox.ts'

const openToAll = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, DELETE',
  'access-control-allow-headers': '*',
}

export type Controlled = Pick<
  Sandbox,
  | 'fault'
  | 'clearFaults'
  | 'tasks'
  | 'requests'
  | 'charges'
  | 'transactions'
  | 'addTransaction'
  | 'correct'
  | 'chargeback'
  | 'webhooks'
  | 'publicKey'
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
  const [name, id, part] = path
  const operation = [method, name, part].filter((each) => each !== undefined).join(' ')
  return withHeaders(await answer(sandbox, operation, id, query, body), openToAll)
}

async function answer(
  sandbox: Controlled,
  operation: string,
  id: string | undefined,
  query: URLSearchParams,
  body: string,
): Promise<Reply> {
  const trackingId = query.get('tracking_id') ?? undefined
  switch (operation) {
    case 'POST faults':
      return withJson(body, (fault) => {
        sandbox.fault(fault)
        return json(201, { fault })
      })
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
    case 'POST transactions':
      return withJson(body, (given) => json(201, { transaction: sandbox.addTransaction(given) }))
    case 'POST transactions correction':
      return withJson(body, (given) => json(200, { transaction: sandbox.correct(id ?? '', given) }))
    case 'POST transactions chargeback':
      return withJson(body, (given) => json(201, { transaction: sandbox.chargeback(id ?? '', given) }))
    case 'GET webhooks':
      return json(200, { webhooks: sandbox.webhooks() })
    case 'GET public-key':
      return json(200, { publicKey: await sandbox.publicKey() })
    default:
      return plainError(404, 'The control API has no such operation')
  }
}

/** The response to a body of JSON, or the error that names the mistake in it. */
// biome-ignore lint/suspicious/noExplicitAny: checked by the operation that takes it
function withJson(body: string, respond: (value: any) => Reply): Reply {
  try {
    return respond(JSON.parse(body))
  } catch (error) {
    if (error instanceof UnknownTransaction) return plainError(404, error.message)
    if (error instanceof TypeError) return plainError(400, error.message)
    if (error instanceof SyntaxError) return plainError(400, 'The body is not JSON')
    throw error
  }
}
