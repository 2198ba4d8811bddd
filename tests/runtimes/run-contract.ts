/** A runner: plays the contract on one runtime, and fails unless every case that it owes was played and held. */
import process from 'node:process'
import { afterAll, beforeAll, it } from 'vitest'
import { contract, type Places, type Verdict } from './contract.ts'
import { gaps } from './gaps.ts'
import { type Gateway, openGateway } from './gateway.ts'

let gateway: Gateway
beforeAll(async () => {
  gateway = await openGateway()
})
afterAll(() => gateway.close())

/** What is `played` gives a verdict for each case, in a runtime that runs before the gateway. */
export function runContract(runtime: string, play: (places: Places) => Promise<Verdict[]>): void {
  it.concurrent(`the contract holds on ${runtime}`, { timeout: 120_000 }, async ({ expect }) => {
    const verdicts = await play(gateway)
    const lacking = gaps.filter(({ runtimes }) => runtimes.test(runtime)).map((gap) => gap.case)
    const owed = verdicts.filter(({ name }) => !lacking.includes(name))
    const failed = owed.filter(({ problem }) => problem)
    process.stdout.write(`${runtime}: ${owed.length - failed.length} passed, ${failed.length} failed\n`)
    expect(failed).toEqual([])
    expect(verdicts.map(({ name }) => name).sort()).toEqual([...contract].sort())
    expect(owed).toHaveLength(contract.length - lacking.length)
    const closed = verdicts.filter(({ name, problem }) => lacking.includes(name) && !problem)
    expect(closed, 'what works is no gap').toEqual([])
  })
}
