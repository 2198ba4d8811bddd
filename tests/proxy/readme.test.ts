/** The README of the proxy keeps its word: its examples compile, and the tests that the threat model names exist. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

it('the examples compile', () => {
  const examples = new Map(
    [...read('packages/proxy/README.md').matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ''], index) => [
      join(import.meta.dirname, `readme-example-${index}.ts`),
      `${code}\nexport {}\n`,
    ]),
  )
  expect(examples.size).toBeGreaterThan(3)
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config,
    ts.sys,
    root,
  )
  const host = ts.createCompilerHost({ ...options, noUnusedLocals: false })
  const { fileExists, readFile, getSourceFile } = host
  host.fileExists = (path) => examples.has(path) || fileExists(path)
  host.readFile = (path) => examples.get(path) ?? readFile(path)
  host.getSourceFile = (path, ...rest) => {
    const code = examples.get(path)
    return code ? ts.createSourceFile(path, code, ts.ScriptTarget.ES2022) : getSourceFile(path, ...rest)
  }
  const program = ts.createProgram([...examples.keys()], { ...options, noUnusedLocals: false }, host)
  const messages = ts
    .getPreEmitDiagnostics(program)
    .map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`)
  expect(messages).toEqual([])
}, 60_000)

it('every file of tests that the threat model names exists, and says what is quoted of it', () => {
  const page = read('packages/proxy/THREAT-MODEL.md')
  const rows = page.split('\n').filter((line) => line.includes('.test.ts`'))
  expect(rows.length).toBeGreaterThan(15)
  const known = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.test.ts'))
  for (const row of rows)
    for (const [, file = '', quoted = ''] of row.matchAll(/`([\w./-]+\.test\.ts)`([^`|]*)/g)) {
      const path = file.includes('/') ? file : `tests/proxy/${file}`
      if (!file.includes('/')) expect(known).toContain(file)
      const source = read(path).replace(/['’]/g, '').replace(/\s+/g, ' ')
      for (const [, phrase = ''] of quoted.matchAll(/_([^_]+(?:_[a-z][^_]*)*)_/g)) {
        const words = phrase.split(/…|\d+/).map((part) => part.replace(/['’]/g, '').trim())
        for (const part of words.filter((text) => text.split(' ').length > 2))
          expect(`${path}: ${source}`).toContain(part)
      }
    }
})
