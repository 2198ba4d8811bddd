/** Builds the packages that are tested here as they are published, if what is built is older than the sources. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { bundle } from './bundle.ts'

const root = join(import.meta.dirname, '../..')
const packages = ['core', 'rxjs', 'proxy']

export default async function buildPackages(): Promise<void> {
  const stale = packages.filter((name) => !isFresh(join(root, 'packages', name)))
  if (stale.length > 0) build(stale)
  await Promise.all([
    bundle('command', 'external'),
    ...['worker', 'page', 'react-native', 'react-native-page'].map((entry) => bundle(entry, 'bundle')),
  ])
}

function build(names: readonly string[]): void {
  const filters = names.map((name) => `--filter=@async-transaction/${name}`)
  const pnpm = join(root, 'node_modules/.bin/pnpm')
  const { status, stdout, stderr } = spawnSync(pnpm, [...filters, 'run', 'build'], { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`The packages could not be built.\n${stdout}${stderr}`)
}

/** Whether all that the package exports is there, and was written after all that it is made of. */
function isFresh(folder: string): boolean {
  const manifest = readFileSync(join(folder, 'package.json'), 'utf8')
  const built = [...manifest.matchAll(/"\.\/(dist\/.*?)"/g)].map(([, path = '']) => join(folder, path))
  if (!built.every((path) => existsSync(path))) return false
  const sources = readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' })
  const made = ['package.json', 'tsup.config.ts', ...sources.map((path) => join('src', path))]
  return Math.min(...built.map(written)) > Math.max(...made.map((path) => written(join(folder, path))))
}

const written = (path: string): number => statSync(path).mtimeMs
