/** Requests go to the task's own two paths and the lookups, under the configured base URL, and nowhere else. */
import { basicAuth, createClient, type TaskHandle } from '@async-transaction/core'
import { describe, expect, it } from 'vitest'
import { BASE_URL, createCheckout, credentials, order } from './checkout.ts'

const stripped = (url: string): string => url.replace(/[\da-f]{8}-[\da-f-]{27}/g, '{id}')

describe('the addresses of a task', () => {
  it('are the documented paths under the base URL, the tracking id encoded', async () => {
    const urls = new Set<string>()
    const { client, clock, sandbox } = createCheckout(
      {
        fetch: (request: Request) => {
          urls.add(`${request.method} ${stripped(request.url)}`)
          return sandbox.fetch(request)
        },
      },
      { latencyMs: 1000 },
    )
    sandbox.fault({ on: 'result', kind: 'forget' })
    await clock.until(client.submit('payments', order({ tracking_id: 'order/17?x=1 ö#' })).outcome())
    expect([...urls]).toEqual([
      `POST ${BASE_URL}/async/transactions/payments`,
      `GET ${BASE_URL}/async/status/{id}`,
      `GET ${BASE_URL}/async/result/{id}`,
      `GET ${BASE_URL}/v2/transactions/tracking_id/order%2F17%3Fx%3D1%20%C3%B6%23`,
    ])
  })

  it('are rebuilt, with a warning, when the gateway names others: a taken payment is not stranded', async () => {
    const hosts = new Set<string>()
    const { client, clock, sandbox, events } = createCheckout({
      fetch: (request: Request) => {
        hosts.add(new URL(request.url).origin)
        return sandbox.fetch(request)
      },
    })
    sandbox.fault({ on: 'submit', kind: 'untrusted-urls', origin: 'https://evil.test' })
    sandbox.fault({ on: 'status', kind: 'untrusted-urls', origin: 'https://evil.test', times: 1e9 })
    const task = client.submit('payments', order())
    expect(await clock.until(task.result())).toMatchObject({ status: 'successful' })
    expect([...hosts]).toEqual([BASE_URL])
    expect(task.handle?.statusUrl).toMatch(`${BASE_URL}/async/status/`)
    // The acknowledgement, and what says that it is completed.
    expect(events.filter((event) => event.type === 'warning' && event.warning === 'untrusted-url')).toHaveLength(2)
  })

  it('are rebuilt without a warning when the gateway names none', async () => {
    const { client, clock, sandbox, events } = createCheckout()
    sandbox.fault({ on: 'submit', kind: 'missing-urls' })
    expect(await clock.until(client.submit('payments', order()).result())).toMatchObject({ status: 'successful' })
    expect(events.filter(({ type }) => type === 'warning')).toEqual([])
  })

  it('may be relative to a proxy’s base, in the acknowledgement as in the configuration', async () => {
    const { clock, sandbox, events } = createCheckout()
    const behind = (request: Request): Promise<Response> =>
      sandbox.fetch(new Request(request.url.replace('/pay', ''), request))
    const client = createClient({
      baseUrl: `${BASE_URL}/pay/`,
      auth: basicAuth(credentials),
      clock,
      onEvent: (event) => events.push(event),
      fetch: async (request: Request) => {
        const response = await behind(request)
        const text = (await response.text()).replaceAll(`${BASE_URL}/`, '/pay/')
        return new Response(text, response)
      },
    })
    const task = client.submit('payments', order())
    expect(await clock.until(task.result())).toMatchObject({ status: 'successful' })
    expect(task.handle?.responseUrl).toMatch(`${BASE_URL}/pay/async/result/`)
    expect(events.filter(({ type }) => type === 'warning')).toEqual([])
  })
})

describe('a handle from elsewhere', () => {
  it('is pinned again when it is resumed', async () => {
    const { client, clock, restart, events } = createCheckout()
    const handle = await clock.until(client.submit('payments', order()).accepted())
    const forged: TaskHandle = {
      ...handle,
      statusUrl: 'https://evil.test/async/status/1',
      responseUrl: 'https://evil.test/async/result/1',
    }
    const hosts = new Set<string>()
    const { sandbox } = createCheckout()
    const resumed = restart({
      fetch: (request: Request) => {
        hosts.add(new URL(request.url).origin)
        return sandbox.fetch(request)
      },
    }).resume(forged)
    await clock.until(resumed.outcome())
    expect([...hosts]).toEqual([BASE_URL])
    expect(resumed.handle?.statusUrl).toBe(handle.statusUrl)
    expect(events).toContainEqual(expect.objectContaining({ type: 'warning', warning: 'untrusted-url' }))
  })
})
