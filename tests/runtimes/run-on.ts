/** A runner: what every runtime is tested for. It fails unless every case that the runtime owes was played, and held. */
import process from 'node:process'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { contract } from './contract.ts'
import { gaps } from './gaps.ts'
import { type Gateway, openGateway } from './gateway.ts'
import type { Runtime } from './jobs.ts'
import { type Measured, resends } from './resends.ts'
import { openResettingFront } from './resetting-front.ts'
import { sentAgain } from './sent-again.ts'

let gateway: Gateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

/** `name` is the runtime's, with what else tells it from others: `Node 24`. */
export function runOn(name: string, runtime: Runtime): void {
  describe(name, { concurrent: true, timeout: 120_000 }, () => {
    it('the contract holds', async ({ expect }) => {
      const verdicts = await runtime('contract', gateway)
      const lacking = gaps.filter(({ runtimes }) => runtimes.test(name)).map((gap) => gap.case)
      const owed = verdicts.filter((verdict) => !lacking.includes(verdict.name))
      const failed = owed.filter(({ problem }) => problem)
      process.stdout.write(`${name}: ${owed.length - failed.length} passed, ${failed.length} failed\n`)
      expect(failed).toEqual([])
      expect(namesOf(verdicts)).toEqual([...contract].sort())
      expect(owed).toHaveLength(contract.length - lacking.length)
      const closed = verdicts.filter((verdict) => lacking.includes(verdict.name) && !verdict.problem)
      expect(closed, 'what works is no gap').toEqual([])
    })

    it('what its transport sends again is one charge, with its right name', async ({ expect }) => {
      const front = await openResettingFront(gateway.gatewayUrl)
      try {
        const verdicts: Measured[] = await runtime('resends', { ...gateway, gatewayUrl: front.url })
        expect(verdicts.filter(({ problem }) => problem)).toEqual([])
        expect(namesOf(verdicts)).toEqual([...resends].sort())
        const sent = verdicts.find((verdict) => verdict.sent)?.sent
        process.stdout.write(`${name}: one fetch is sent ${sent?.GET} times as a GET, ${sent?.POST} times as a POST\n`)
        expect(sent).toEqual(sentAgain(name))
        const spared = verdicts.filter(({ resets }) => resets === 0).map(({ struck }) => struck)
        expect(spared).toEqual(sent?.POST === 0 ? ['submit'] : [])
      } finally {
        await front.close()
      }
    })
  })
}

const namesOf = (verdicts: readonly { name: string }[]): string[] => verdicts.map(({ name }) => name).sort()
