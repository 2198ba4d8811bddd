/** What a release may do, and what stands under which licence. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

describe('the workflow that publishes', () => {
  const workflow = read('.github/workflows/release.yml')
  const [head = '', check = '', publish = ''] = workflow.split(/^ {2}(?:check|publish):$/m)

  it('starts with a tag of a version, and with nothing else', () => {
    expect(/^on:\n([\s\S]*?)\n\n/m.exec(workflow)?.[1]).toBe('  push:\n    tags: ["v[0-9]+.[0-9]+.[0-9]+"]')
  })

  it('has no rights but those that the publishing job asks for, after everything was checked', () => {
    expect(head).toMatch(/^permissions: \{\}$/m)
    expect(check).toMatch(/permissions:\n {6}contents: read\n {4}steps:/)
    expect(publish).toMatch(/^ {4}needs: check$/m)
    expect(publish).toMatch(/^ {4}environment: npm$/m)
    expect(workflow.match(/id-token: write/g)).toHaveLength(1)
    expect(publish).toContain('id-token: write')
    expect(workflow).not.toMatch(/: write-all|contents: write|secrets\./)
  })

  it('runs no action of others, and puts nothing that others write into a command', () => {
    expect(workflow).not.toMatch(/uses:/)
    expect([...workflow.matchAll(/\$\{\{(.*?)\}\}/g)].map(([, expression]) => expression?.trim())).toEqual([
      'github.token',
      'github.token',
    ])
  })

  it('is made of commands that a shell can read', () => {
    const scripts = [...workflow.matchAll(/run: (?:\|\n((?: {10}.*\n)+)|(.*)\n)/g)].map(
      ([, block, line]) => block ?? line,
    )
    expect(scripts).toHaveLength(5)
    for (const script of scripts) {
      const { status, stderr } = spawnSync('bash', ['-n'], { input: script ?? '', encoding: 'utf8' })
      expect([status, stderr]).toEqual([0, ''])
    }
  })
})

it('no dependency is taken that is younger than a week', () => {
  const minutes = Number(/^minimumReleaseAge: (\d+)$/m.exec(read('pnpm-workspace.yaml'))?.[1])
  expect(minutes).toBeGreaterThanOrEqual(7 * 24 * 60)
})

describe('licences', () => {
  const FREE = /^(MIT|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0)$/
  const packages = ['core', 'proxy', 'react', 'rxjs', 'sandbox']

  /** The dependencies that come with a package, and theirs, by the folder in which each is installed. */
  function dependenciesOf(folder: string, found = new Map<string, string>()): Map<string, string> {
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    for (const name of Object.keys(dependencies)) {
      let place = folder
      while (!existsSync(join(place, 'node_modules', name))) place = dirname(place)
      const installed = realpathSync(join(place, 'node_modules', name))
      if (found.has(installed)) continue
      found.set(installed, name)
      dependenciesOf(installed, found)
    }
    return found
  }

  it.each(packages)('%s and all that comes with it may be used by anybody', (name) => {
    const folder = join(root, 'packages', name)
    expect(readFileSync(join(folder, 'LICENSE'), 'utf8')).toBe(read('LICENSE'))
    for (const [installed, dependency] of [[folder, name] as const, ...dependenciesOf(folder)]) {
      const { license } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
      expect(license, dependency).toMatch(FREE)
    }
  })
})
