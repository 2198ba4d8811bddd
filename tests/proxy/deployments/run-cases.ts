import { afterAll, beforeAll, expect, it } from 'vitest'
import { cases } from './cases.ts'
import { type Deployment, deploy, type Start } from './deployment.ts'

/** Plays every case on the server of `examples/<name>`, told `more` as well. A run that played none, or not all, fails. */
export function runCases(
  name: string,
  start: Start,
  more: () => Promise<Record<string, string>> = async () => ({}),
): () => Deployment {
  let deployment: Deployment
  let played = 0
  beforeAll(async () => {
    deployment = await deploy(name, start, await more())
  }, 60_000)
  afterAll(() => deployment?.close())

  for (const [title, play] of Object.entries(cases))
    it.concurrent(`${name}: ${title}`, { timeout: 40_000 }, async () => {
      await play(deployment)
      played += 1
    })

  it(`${name}: every case was played`, () => {
    console.log(`${name}: ${played} cases`)
    expect(played).toBeGreaterThan(0)
    expect(played).toBe(Object.keys(cases).length)
  })
  return () => deployment
}
