/** What is written about runtimes is what the tests know. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { gaps } from './gaps.ts'
import { measured } from './sent-again.ts'

const root = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

/** The cells of the rows of a table whose first cell is one of `first`. */
const rows = (text: string, first: readonly string[]): string[][] =>
  text
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, ...cells]) => cells.slice(0, -1))
    .filter(([name = '']) => first.includes(name))

it('the table of what is sent again is what was measured', () => {
  expect(rows(read('tests/runtimes/README.md'), Object.keys(measured))).toEqual(
    Object.entries(measured).map(([name, { GET, POST }]) => [name, `${GET}`, `${POST}`]),
  )
})

it('the table of gaps is whole', () => {
  const written = rows(
    read('tests/runtimes/README.md'),
    gaps.map((gap) => gap.case),
  )
  expect(written.map(([name, , reason]) => [name, reason])).toEqual(gaps.map((gap) => [gap.case, gap.reason]))
})

it('the README names a test for each runtime', () => {
  const names = [
    'Node 22, 24, 26',
    'Deno',
    'Bun',
    'Cloudflare Workers',
    'Chromium, Firefox, WebKit',
    'React Native, webviews',
  ]
  const table = rows(read('README.md'), names)
  expect(table.map(([name]) => name)).toEqual(names)
  for (const [name, ...cells] of table)
    for (const cell of cells) {
      const tests = [...cell.matchAll(/\]\((.*?)(#.*?)?\)/g)].map(([, path = '']) => path)
      expect(tests.length, `${name}: ${cell}`).toBeGreaterThan(0)
      for (const path of tests) expect(existsSync(join(root, path)), path).toBe(true)
    }
})
