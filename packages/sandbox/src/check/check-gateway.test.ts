import { describe, expect, it } from 'vitest'
import { createManualClock } from '../../testing/manual-clock.ts'
import { createSandbox } from '../create-sandbox.ts'
import type { SandboxOptions } from '../sandbox.ts'
import { checkGateway } from './check-gateway.ts'
import { checkTable } from './check-table.ts'
import { assumptions, type FindingId } from './finding.ts'

const secretKey = 'a-secret-key-of-a-test-shop'

function check(options: SandboxOptions, fetchVia?: (response: Response) => Response | Promise<Response>) {
  const clock = createManualClock()
  const credentials = { shopId: '361', secretKey }
  const sandbox = createSandbox({ clock, latencyMs: 4000, seed: 1, credentials, ...options })
  let ids = 0
  const findings = checkGateway({
    baseUrl: 'https://gateway.test',
    shopId: '361',
    secretKey,
    currency: 'KZT',
    fetch: async (request) => {
      const response = await sandbox.fetch(request)
      return fetchVia ? fetchVia(response) : response
    },
    sleep: async (ms) => clock.advance(ms),
    uuid: () => `00000000-0000-4000-8000-${String(ids++).padStart(12, '0')}`,
    random: () => 0.5,
  })
  return { sandbox, findings }
}

const different = async (options: SandboxOptions): Promise<FindingId[]> =>
  (await check(options).findings).filter(({ held }) => held === false).map(({ id }) => id)

describe('the check of a gateway', () => {
  it('raises no false alarm, and sees every assumption', async () => {
    const findings = await check({}).findings
    expect(findings.filter(({ held }) => held !== true)).toEqual([])
    expect(findings.map(({ id }) => id)).toEqual(Object.keys(assumptions))
  })

  it.each<[SandboxOptions, FindingId[]]>([
    [{ processingStatus: 200 }, ['result-processing']],
    [{ processingStatus: 202 }, ['result-processing']],
    [{ statusUrlProcessing: 202 }, ['status-processing']],
    [{ unknownStatus: 200 }, ['unknown-task']],
    [{ unauthorizedAs: 'text' }, ['bad-credentials']],
    [{ unauthorizedAs: 'html' }, ['bad-credentials']],
    [{ refuseAt: 'task' }, ['refused-at-submit']],
    [{ refusalStatus: 400 }, ['refusal-status']],
    [{ repeatWhileProcessing: 409 }, ['repeat-processing']],
    [{ listedWhileProcessing: 'incomplete' }, ['listed-processing']],
    [{ listedWhileProcessing: 'without-status' }, ['listed-processing']],
    [{ lookupLagMs: 60_000 }, ['listed-at-once', 'child-listed']],
    [{ childrenListed: 'with-parent' }, ['child-listed']],
    [{ childrenListed: 'nowhere' }, ['child-listed']],
    [{ numericTrackingIds: 'taken' }, ['numeric-tracking-id']],
    [{ lowerCaseCurrencies: 'taken' }, ['lower-case-currency']],
    [{ amountsAsText: 'taken' }, ['amount-as-text']],
    [{ rawCards: 'refused' }, ['raw-cards']],
  ])('tells %o by %j alone', async (options, ids) => {
    expect(await different(options)).toEqual(ids)
  })

  it('says of what it could not see that it did not', async () => {
    const findings = await check({ latencyMs: 0 }).findings
    const unseen = findings.filter(({ held }) => held === undefined).map(({ id }) => id)
    expect(unseen).toContain('listed-processing')
    expect(findings.some(({ held }) => held === false)).toBe(false)
    const withoutCards = await check({ rawCards: 'refused' }).findings
    expect(withoutCards.find(({ id }) => id === 'decline')).toEqual({ id: 'decline', observed: 'not seen' })
  })

  it('leaves a shop alone that does not answer test: true', async () => {
    const { sandbox, findings } = check({}, async (response) => {
      const text = (await response.text()).replaceAll('"test":true', '"test":false')
      return new Response(text, { status: response.status })
    })
    await expect(findings).rejects.toThrow('the shop is not one for tests: it does not answer test: true')
    expect(sandbox.transactions()).toHaveLength(1)
  })

  it('marks every payment as a test', async () => {
    const { sandbox, findings } = check({})
    await findings
    const payments = sandbox.transactions().filter(({ type }) => type === 'payment')
    expect(payments.length).toBeGreaterThan(3)
    expect(payments.every(({ test }) => test === true)).toBe(true)
  })

  it('ends with a clear error for wrong credentials, and for a gateway that is not there', async () => {
    const wrong = check({ credentials: { shopId: '361', secretKey: 'other' } })
    await expect(wrong.findings).rejects.toThrow('the gateway refuses the shop id or its secret key')
    const cause = Object.assign(new Error('x'), { code: 'ECONNREFUSED' })
    const gone = check({}, () => {
      throw new TypeError('fetch failed', { cause })
    })
    await expect(gone.findings).rejects.toThrow('the gateway cannot be reached: ECONNREFUSED')
  })

  it('prints a table without the secret, a card number or a text of the gateway', async () => {
    const echo = `${secretKey} 4200000000000000`
    const { findings } = check({}, async (response) => {
      const text = (await response.text()).replace('"status":"failed"', `"status":"${echo}"`)
      return new Response(text, { status: response.status })
    })
    const table = checkTable(await findings)
    expect(table).not.toMatch(/a-secret-key|4200/)
    expect(table).toMatch(/\| NO +\| A +\| decline +\|/)
    expect(table.split('\n').every((line) => line.length === table.indexOf('\n'))).toBe(true)
  })
})
