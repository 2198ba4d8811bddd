import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('.', import.meta.url))
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .map((name) => ({ name, text: readFileSync(root + name, 'utf8') }))
const neutral = sources.filter(({ name }) => !/^(node[/.]|(check-)?bin\.ts)/.test(name))

it('shares nothing with the client that it tests', () => {
  expect(sources.length).toBeGreaterThan(30)
  for (const { name, text } of sources) {
    expect(text, name).not.toMatch(/from '(?:@async-transaction\/core|valibot|ky)|\.\.\/core\//)
  }
})

it('runs anywhere but for ./node and the command: nothing of Node in what index.ts reaches', () => {
  expect(neutral.map(({ name }) => name)).toContain('index.ts')
  for (const { name, text } of neutral) {
    expect(text, name).not.toMatch(
      /from '(?:node:|@hono\/node-server)|from '\.{1,2}\/node[/.]|\b(?:process|Buffer|require)\.[a-z]/,
    )
  }
})

it('takes time from the clock alone', () => {
  for (const { name, text } of neutral.filter(({ name }) => name !== 'clock.ts')) {
    expect(text, name).not.toMatch(/Date\.now|new Date\(\)|(?<!clock\.)\bsetTimeout\(|AbortSignal\.timeout/)
  }
})
