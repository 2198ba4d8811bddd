/** The secrets of the examples: made by a command, for whoever starts one, and known to nobody else. */
import { execFileSync } from 'node:child_process'
import { copyFileSync, globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTokenProxy } from '@async-transaction/proxy'
import { afterEach, describe, expect, it } from 'vitest'

const examples = join(import.meta.dirname, '../../../examples')
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** What the example's command writes, in a copy of it. */
function makeSecrets(name: string, file: string) {
  const folder = mkdtempSync(join(tmpdir(), 'async-transaction-secrets-'))
  folders.push(folder)
  copyFileSync(join(examples, name, 'package.json'), join(folder, 'package.json'))
  const make = (): string => {
    execFileSync('npm', ['run', '--silent', 'secrets'], { cwd: folder })
    return readFileSync(join(folder, file), 'utf8')
  }
  return { make, path: join(folder, file) }
}

const secretIn = (text: string, name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1] ?? ''

describe.each([
  ['bun', '.env'],
  ['deno', '.env'],
  ['node-server', '.env'],
  ['cloudflare-worker', '.dev.vars'],
])('examples/%s', (name, file) => {
  it('makes secrets of its own, once, for nobody else to read', { timeout: 30_000 }, () => {
    const [first, second] = [makeSecrets(name, file), makeSecrets(name, file)]
    const text = first.make()
    expect(first.make()).toBe(text)
    for (const secret of ['TOKEN_SECRET', 'CHECKOUT_KEY']) {
      expect(secretIn(text, secret).length).toBeGreaterThanOrEqual(64)
      expect(secretIn(second.make(), secret)).not.toBe(secretIn(text, secret))
    }
    expect(statSync(first.path).mode & 0o077).toBe(0)
    const gateway = { baseUrl: 'https://gw.example', shopId: '361', secretKey: 'x' }
    createTokenProxy({ gateway, secret: secretIn(text, 'TOKEN_SECRET'), origins: ['https://shop.example'] })
  })

  it('makes them before it starts, and keeps them out of git, also where the folder is copied from here', () => {
    const { scripts } = JSON.parse(readFileSync(join(examples, name, 'package.json'), 'utf8'))
    expect(scripts.prestart).toBe('npm run secrets')
    expect(readFileSync(join(examples, name, '.gitignore'), 'utf8')).toMatch(new RegExp(`^\\${file}\\*?$`, 'm'))
  })
})

it('no text of the examples starts a proxy as its secret', () => {
  const files = globSync(['*/*', '*/.*', '*/{src,server}/**/*.*'], { cwd: examples, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/^\.(env|dev\.vars)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
  expect(files.length).toBeGreaterThan(40)
  const gateway = { baseUrl: 'https://gw.example', shopId: '361', secretKey: 'x' }
  for (const file of files)
    for (const [, secret = ''] of readFileSync(file, 'utf8').matchAll(/TOKEN_SECRET"?\s*[:=]\s*['"]?([^'"\n]*)/g))
      expect(() => createTokenProxy({ gateway, secret, origins: ['https://shop.example'] }), file).toThrow('secret')
})
