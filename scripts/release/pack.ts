/**
 * The packages as they would be published: built and packed from a copy of what is in the folder, so that nothing stale
 * gets in, and nothing that is being tested is touched.
 */
import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'

/** As far as this repository uses it. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly license?: string
  readonly type?: string
  readonly sideEffects?: boolean
  readonly private?: boolean
  readonly bin?: Readonly<Record<string, string>>
  readonly repository?: string | { readonly url: string }
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>
  readonly publishConfig?: { readonly access?: string; readonly provenance?: boolean }
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

export interface PackedPackage {
  readonly manifest: Manifest
  readonly tarball: string
  /** What is in the tarball. */
  readonly folder: string
}

const root = join(import.meta.dirname, '../..')
const run = promisify(execFile)

/** The names of the folders in `packages/`. */
const packageFolders: readonly string[] = readdirSync(join(root, 'packages')).filter((name) =>
  existsSync(join(root, 'packages', name, 'package.json')),
)

/** Packs all packages into `target`, an empty folder. */
export async function pack(target: string): Promise<PackedPackage[]> {
  copySources(target)
  return Promise.all(packageFolders.map((name) => packOne(target, name)))
}

function copySources(target: string): void {
  const leftOut = new Set(['node_modules', 'dist', 'coverage'])
  cpSync(join(root, 'packages'), join(target, 'packages'), {
    recursive: true,
    filter: (path) => !leftOut.has(basename(path)),
  })
  cpSync(join(root, 'tsconfig.base.json'), join(target, 'tsconfig.base.json'))
  for (const folder of ['.', ...packageFolders.map((name) => join('packages', name))])
    symlinkSync(join(root, folder, 'node_modules'), join(target, folder, 'node_modules'), 'junction')
}

async function packOne(target: string, name: string): Promise<PackedPackage> {
  const cwd = join(target, 'packages', name)
  const { stdout, stderr } = await run(process.execPath, [join(root, 'node_modules/tsup/dist/cli-default.js')], { cwd })
  const warning = (stdout + stderr).split('\n').find((line) => line.includes('[plugin dts]'))
  if (warning) throw new Error(`The types of ${name} are not whole: ${warning}`)
  const tarball = join(target, `${name}.tgz`)
  await run(process.execPath, [join(root, 'node_modules/pnpm/bin/pnpm.cjs'), 'pack', '--out', tarball], { cwd })
  const unpacked = join(target, 'unpacked', name)
  mkdirSync(unpacked, { recursive: true })
  await run('tar', ['-xzf', tarball, '-C', unpacked])
  const folder = join(unpacked, 'package')
  return { manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')), tarball, folder }
}
