/** Builds the packages that are tested here as they are published, if what is built is older than the sources. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { bundle } from './bundle.ts'

const root = join(import.meta.dirname, '../..')
const packages = ['core', 'rxjs', 'proxy']

export default async function buildPackages(): Promise<void> {
  const stale = packages.filter((name) => !isFresh(join(root, 'packages', name)))
  if (stale.length > 0) {
    const filters = stale.map((name) => `--filter=@async-transaction/${name}`)
    execFileSync(join(root, 'node_modules/.bin/pnpm'), [...filters, 'run', 'build'], { cwd: root, stdio: 'pipe' })
  }
  await Promise.all([bundle('command', 'external'), bundle('worker', 'bundle'), bundle('page', 'bundle')])
}

/** Whether everything in `dist` was written after everything that it is made of. */
const isFresh = (folder: string): boolean =>
  existsSync(join(folder, 'dist')) &&
  oldest(join(folder, 'dist')) > newest(join(folder, 'src')) &&
  oldest(join(folder, 'dist')) > statSync(join(folder, 'package.json')).mtimeMs

const written = (folder: string): number[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map(({ parentPath, name }) => statSync(join(parentPath, name)).mtimeMs)
const oldest = (folder: string): number => Math.min(...written(folder))
const newest = (folder: string): number => Math.max(...written(folder))
