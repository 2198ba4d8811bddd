// @vitest-environment node
/** What is published: small, marked for the client, and fit for the React Compiler. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { transformSync } from '@babel/core'
import compiler from 'babel-plugin-react-compiler'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const folder = join(import.meta.dirname, '..')
const sources = readdirSync(import.meta.dirname).filter((name) => !name.includes('.test.'))
const out = mkdtempSync(join(tmpdir(), 'async-transaction-react-'))
afterAll(() => rmSync(out, { recursive: true, force: true }))

describe('the built package', () => {
  beforeAll(async () => {
    const tsup = join(createRequire(import.meta.url).resolve('tsup/package.json'), '../dist/cli-default.js')
    // Not spawnSync: on a busy machine vitest takes a worker that is blocked for dead. It rejects if tsup fails.
    await promisify(execFile)(process.execPath, [tsup, '--no-dts', '--out-dir', out], { cwd: folder })
  }, 60_000)

  it("begins with 'use client'", () => {
    expect(readFileSync(join(out, 'index.js'), 'utf8')).toMatch(/^["']use client["'];?\n/)
  })

  const sizeOf = async (contents: string, external: string[]): Promise<number> => {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: folder },
      bundle: true,
      minify: true,
      format: 'esm',
      external,
      conditions: ['@async-transaction/source'],
      write: false,
    })
    return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length
  }
  const hook = (): string => `export * from ${JSON.stringify(join(out, 'index.js'))}\n`

  it('is at most 1.2 kB gzipped', async () => {
    const size = await sizeOf(hook(), ['react', '@async-transaction/core'])
    expect(size).toBeGreaterThan(500)
    expect(size).toBeLessThanOrEqual(1200)
  })

  it('adds at most 2.0 kB gzipped to a page with a client, all told', async () => {
    const page = "export { createClient } from '@async-transaction/core'\n"
    // What was built outside of the workspace finds core here.
    const source = `export * from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))}\n`
    const added = (await sizeOf(page + source, ['react'])) - (await sizeOf(page, ['react']))
    expect(added).toBeGreaterThan(500)
    expect(added).toBeLessThanOrEqual(2000)
  })
})

it('has at most 300 lines', () => {
  const lines = sources.flatMap((name) => readFileSync(join(import.meta.dirname, name), 'utf8').split('\n'))
  expect(lines.length).toBeLessThanOrEqual(300)
})

describe('the React Compiler', () => {
  const compile = (code: string): { kinds: string[]; output: string } => {
    const kinds: string[] = []
    const logger = { logEvent: (_: unknown, event: { kind: string }) => kinds.push(event.kind) }
    const result = transformSync(code, {
      filename: 'hook.ts',
      configFile: false,
      babelrc: false,
      parserOpts: { plugins: ['typescript', 'jsx'] },
      plugins: [[compiler, { panicThreshold: 'none', logger }]],
    })
    return { kinds, output: result?.code ?? '' }
  }

  it('accepts and compiles the hook, with nothing to complain of in any file', () => {
    const kinds = sources.flatMap((name) => compile(readFileSync(join(import.meta.dirname, name), 'utf8')).kinds)
    expect(kinds).toEqual(['CompileSuccess'])
  })

  it('complains of a hook that breaks the rules', () => {
    const { kinds } = compile(
      'export function useIt(ref) { const [a] = useState(0); globalThis.x = a; ref.current; return a }',
    )
    expect(kinds).toContain('CompileError')
  })
})
