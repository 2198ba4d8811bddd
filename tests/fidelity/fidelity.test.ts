/** The sandbox against facts about the gateway, over sockets and by hand-made requests: no client of ours in between. */
import { createSandbox } from '@async-transaction/sandbox'
import { type SandboxServer, serveSandbox } from '@async-transaction/sandbox/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { facts } from './facts.ts'

let server: SandboxServer
let sandbox: ReturnType<typeof createSandbox>

beforeAll(async () => {
  sandbox = createSandbox()
  server = await serveSandbox(sandbox)
})

afterAll(async () => {
  await server.close()
  sandbox.close()
})

/** A shop of its own for each fact: lookups list no transaction of another. */
function shopOf(operation: string) {
  const authorization = `Basic ${Buffer.from(`${operation.replace(/\W/g, '-')}:a-secret-key`).toString('base64')}`

  const send = async (path: string, request: object | undefined, version?: number) => {
    const response = await fetch(server.url + path, {
      headers: {
        authorization,
        'content-type': 'application/json',
        ...(version !== undefined && { 'X-API-Version': `${version}` }),
      },
      ...(request && { method: 'POST', body: JSON.stringify({ request }) }),
    })
    return { status: response.status, headers: response.headers, body: await response.json() }
  }

  /** The same by the asynchronous API: the acknowledgement, and then the result. */
  const sendAsync = async (path: string, request: object, version?: number) => {
    const { body } = await send(`/async${path}`, request)
    return body.request_id === undefined
      ? send(`/async${path}`, request, version)
      : send(`/async/result/${body.request_id}`, undefined, version)
  }
  return { send, sendAsync }
}

/** A fact with the uid and the token of the transaction before it. */
const filled = <Part>(part: Part, { uid = '', token = '' }: { uid?: string; token?: string }): Part =>
  part === undefined ? part : JSON.parse(JSON.stringify(part).replaceAll('{uid}', uid).replaceAll('{token}', token))

describe.each(['synchronous', 'asynchronous'])('the %s API', (api) => {
  it.each(facts.filter(({ request }) => request || api === 'synchronous'))('$operation ($source)', async (fact) => {
    const shop = shopOf(`${api} ${fact.operation}`)
    const before = fact.after && (await shop.send(fact.after.path, fact.after.request)).body.transaction
    const ids = { uid: before?.uid, token: before?.credit_card?.token }
    const [path, request] = [filled(fact.path, ids), filled(fact.request, ids)]
    const sendIt = api === 'asynchronous' && request ? shop.sendAsync : shop.send
    const answer = await sendIt(path, request as object, fact.version)
    expect(fact.status === 'refused' ? [400, 422] : [fact.status]).toContain(answer.status)
    expect(answer.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/)
    expect(answer.body).toMatchObject(filled(fact.body, ids))
    const shown = fact.version ? answer.body : (answer.body.transaction ?? answer.body)
    for (const field of fact.has ?? []) expect(shown).toHaveProperty(field)
    for (const field of fact.hasNot ?? []) expect(shown).not.toHaveProperty(field)
    if (fact.says) expect(answer.body.response.message).toMatch(fact.says)
  })
})
