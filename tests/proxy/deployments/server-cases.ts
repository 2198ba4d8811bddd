/** What must hold of a server of its own, which has no alarms and is ended by SIGTERM. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { requestFor } from '../shop.ts'
import { reaches, visit } from './cases.ts'
import { type Deployment, deploy, type Start } from './deployment.ts'

export function runServerCases(name: string, start: Start): void {
  let deployment: Deployment
  beforeAll(async () => {
    deployment = await deploy(name, start)
  }, 60_000)
  afterAll(() => deployment?.close())

  /** A payment whose page leaves as soon as it is accepted. */
  const leave = async (fault?: 'error') => {
    const { order, token, browser } = await visit(deployment)
    const { trackingId } = order
    if (fault) deployment.sandbox.fault({ on: 'submit', kind: fault, trackingId })
    const task = browser.submit('payments', requestFor(order))
    const { requestId } = await task.accepted()
    task.stop()
    return { token, trackingId, requestId }
  }
  const told = (trackingId: string): string[] =>
    deployment
      .output()
      .split('\n')
      .filter((line) => line.includes(`"${trackingId}"`))

  it.concurrent.each([
    ['successful', undefined],
    ['error', 'error'],
  ] as const)(
    `${name}: a sweep tells the shop "%s" when every page has left`,
    async (status, fault) => {
      const { trackingId } = await leave(fault)
      await vi.waitFor(() => expect(told(trackingId)).toHaveLength(1), 20_000)
      expect(told(trackingId)[0]).toContain(`"status":"${status}"`)
    },
    40_000,
  )

  it(`${name}: SIGTERM lets a read that is on its way be answered, then the server ends`, async () => {
    const { token, trackingId, requestId } = await leave()
    const { sandbox, baseUrl } = deployment
    await reaches(deployment, requestId, 'completed')
    sandbox.fault({ on: 'result', kind: 'delay', ms: 1000, trackingId })
    const reads = () =>
      sandbox.requests().filter(({ taskId, operation }) => taskId === requestId && operation === 'result')
    const reading = fetch(`${baseUrl}/async/result/${requestId}`, { headers: { authorization: `Bearer ${token}` } })
    await vi.waitFor(() => expect(reads()).toHaveLength(1))
    const ended = deployment.drain()
    expect(await (await reading).json()).toMatchObject({ transaction: { status: 'successful' } })
    await ended
    expect(reads()).toHaveLength(1)
  }, 40_000)
}
