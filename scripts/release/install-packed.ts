/** An application that has the packed packages installed, as npm would give them to it. */
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import type { PackedPackage } from './pack.ts'

const root = join(import.meta.dirname, '../..')
const run = promisify(execFile)

/**
 * Installs them into `folder`, with all that they depend on, in the versions that this repository has unless `versions`
 * says otherwise. Offline where pnpm's store has everything.
 */
export async function installPacked(
  folder: string,
  packed: readonly PackedPackage[],
  versions: Readonly<Record<string, string>> = {},
): Promise<void> {
  const ours = Object.fromEntries(packed.map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`]))
  const theirs = packed.flatMap(({ manifest }) =>
    Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
      .filter((name) => !(name in ours))
      .map((name) => [name, installedVersion(folderOf(manifest.name), name)] as const),
  )
  const overrides = { ...Object.fromEntries(theirs), ...versions, ...ours }
  const peers = packed.flatMap(({ manifest }) => Object.keys(manifest.peerDependencies ?? {}))
  const names = new Set([...Object.keys(ours), ...peers, ...Object.keys(versions)])
  const dependencies = Object.fromEntries([...names].map((name) => [name, overrides[name]]))
  const manifest = { name: 'consumer', private: true, type: 'module', dependencies, pnpm: { overrides } }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2))
  // A folder of its own is no part of a workspace, wherever it lies.
  const options = ['--ignore-workspace', '--prefer-offline', '--ignore-scripts', '--strict-peer-dependencies']
  await run(process.execPath, [join(root, 'node_modules/pnpm/bin/pnpm.cjs'), 'install', ...options], {
    cwd: folder,
    env: { ...process.env, CI: 'true' },
    // A registry that cannot be reached is tried for ever.
    timeout: 180_000,
  })
}

/** The version of a dependency that one of our packages, by the name of its folder, is developed with. */
export function installedVersion(ours: string, dependency: string): string {
  const manifest = join(root, 'packages', ours, 'node_modules', dependency, 'package.json')
  return JSON.parse(readFileSync(manifest, 'utf8')).version
}

const folderOf = (name: string): string => name.replace('@async-transaction/', '')
