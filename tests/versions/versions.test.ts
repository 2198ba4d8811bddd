/**
 * The packed packages with every TypeScript that is in use, and with the lowest version of everything that their manifests
 * accept. The rest of rxjs 7 has its matrix in `packages/rxjs`, React 18 and 19 in `packages/react`.
 */
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { installPacked } from '../../scripts/release/install-packed.ts'
import { browsers } from '../browsers/projects.ts'
import { clickIn, ORDER, PAID } from '../packaging/click-in.ts'
import { type Gateway, startGateway } from '../packaging/gateway.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')

const compilers = ['5.6.3', '5.7.3', '5.8.3', '5.9.3', '6.0.3', '7.0.2']
const alias = (version: string): string => `typescript-${version}`

/** The lowest version of each range in a manifest: `^18.0.0 || ^19.0.0` starts with it. */
const lowest = Object.fromEntries(
  inject('packed')
    .flatMap(({ manifest }) => Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies }))
    .filter(([name]) => !name.startsWith('@async-transaction/'))
    .map(([name, range]) => [name, /\d+\.\d+\.\d+/.exec(range)?.[0] ?? '']),
)

/** An application with all of them, and all compilers. */
const consumer = join(inject('consumer'), '../lowest')
beforeAll(async () => {
  mkdirSync(consumer)
  cpSync(join(root, 'tests/packaging/consumer'), consumer, { recursive: true })
  await installPacked(consumer, inject('packed'), {
    ...lowest,
    'react-dom': lowest.react ?? '',
    '@types/react': lowest.react ?? '',
    ...Object.fromEntries(compilers.map((version) => [alias(version), `npm:typescript@${version}`])),
  })
})

const installed = (name: string): string =>
  JSON.parse(readFileSync(join(consumer, 'node_modules', name, 'package.json'), 'utf8')).version

describe('the types of every package, with the lowest versions that are accepted, are compiled by', () => {
  const resolutions = [
    ['nodenext', 'nodenext'],
    ['bundler', 'esnext'],
  ] as const

  it.each(compilers.flatMap((version) => resolutions.map((each) => [version, ...each] as const)))(
    'TypeScript %s with the resolution of %s',
    async (version, resolution, module) => {
      expect(installed(alias(version))).toBe(version)
      const tsc = join('node_modules', alias(version), 'bin/tsc')
      const args = [tsc, '--noEmit', '--module', module, '--moduleResolution', resolution]
      expect((await run(process.execPath, args, { cwd: consumer }).catch(({ stdout }) => ({ stdout }))).stdout).toBe('')
    },
  )
})

describe(`with ${Object.entries(lowest)
  .map((each) => each.join(' '))
  .join(', ')}`, () => {
  it('core keeps the whole of its contract', async () => {
    expect([installed('ky'), installed('valibot')]).toEqual([lowest.ky, lowest.valibot])
    const report = join(consumer, 'core.json')
    const vitest = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config=vitest.core.config.ts']
    // Without the environment of the run that this is.
    const env = { PATH: process.env.PATH, DEPENDENCIES: join(consumer, 'node_modules') }
    const options = { cwd: root, env, maxBuffer: 2 ** 26 }
    await run(process.execPath, [...vitest, '--reporter=json', `--outputFile=${report}`], options).catch(() => {})
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'))
    process.stdout.write(`core with ky ${lowest.ky}, valibot ${lowest.valibot}: ${numPassedTests} passed\n`)
    expect(numFailedTests).toBe(0)
    expect(numPassedTests).toBeGreaterThan(700)
  })

  describe('an application pays once:', () => {
    let gateway: Gateway
    beforeEach(async () => {
      gateway = await startGateway()
    })
    afterEach(async () => {
      expect(gateway.sandbox.charges(ORDER)).toBe(1)
      await gateway.close()
    })

    it.each(['esm.js', 'require.cjs'])('%s', async (program) => {
      const { stdout } = await run(process.execPath, [program, gateway.url, ORDER], { cwd: consumer })
      expect(stdout.trim()).toBe(PAID)
    })

    it.runIf(browsers.includes('chromium'))('page.js, in Chromium', async () => {
      const options = { bundle: true, minify: true, format: 'esm', write: false } as const
      const { outputFiles } = await build({ ...options, absWorkingDir: consumer, entryPoints: ['page.js'] })
      expect(outputFiles[0]?.text).toContain(lowest.react)
      expect(await clickIn(outputFiles[0]?.text ?? '', gateway)).toBe(PAID)
    })
  })
})
