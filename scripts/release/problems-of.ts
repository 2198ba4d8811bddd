/** What speaks against publishing a packed package: an empty list if nothing does. */
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import ts from 'typescript'
import type { Manifest, PackedPackage } from './pack.ts'

const root = join(import.meta.dirname, '../..')

export async function problemsOf({ folder, manifest, tarball }: PackedPackage): Promise<string[]> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) =>
      join(parentPath, name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8')
  const plain = [...manifestProblems(manifest), ...fileProblems(files, read), ...importProblems(files, read, manifest)]
  // The tools take seconds, and have little to say of a package that is unfit already.
  const found = plain.length > 0 ? plain : [...(await publintProblems(folder)), ...(await typeProblems(tarball))]
  return found.map((problem) => `${manifest.name}: ${problem}`)
}

function manifestProblems(manifest: Manifest): string[] {
  const { name, license, type, sideEffects, publishConfig, dependencies, peerDependencies } = manifest
  const expected: [boolean, string][] = [
    [name.startsWith('@async-transaction/'), 'is outside of the scope'],
    [!manifest.private, 'is private'],
    [license === 'MIT', 'has no license'],
    [type === 'module', 'is not of type module'],
    [sideEffects === false, 'does not say that it has no side effects'],
    [publishConfig?.access === 'public', 'would not be public'],
    [publishConfig?.provenance === true, 'would be published without provenance'],
  ]
  const unpublished = Object.entries({ ...dependencies, ...peerDependencies })
    .filter(([, range]) => /^(workspace|file|link|npm|git|https?|catalog):/.test(range))
    .map(([dependency, range]) => `depends on ${dependency} by ${range}`)
  return [...expected.filter(([fits]) => !fits).map(([, problem]) => problem), ...unpublished]
}

/** All that may be in a package. */
const FILES =
  /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|THREAT-MODEL\.md|dist\/[\w-]+(\.d\.ts|\.js)|src\/.+\.ts)$/
const TESTS = /\.test\.tsx?$/
/** Folders of the machine that packed it. */
const MACHINE =
  /file:\/\/|(^|[\s"'`(])\/(home|root|Users|tmp|private|var|work|workspace|builds)\/[\w.-]+|[A-Z]:\\\\?[Uu]sers/m

function fileProblems(files: string[], read: (file: string) => string): string[] {
  const missing = ['README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts'].filter((file) => !files.includes(file))
  const strange = files.filter((file) => !FILES.test(file) || TESTS.test(file))
  const leaking = files.filter((file) => read(file).includes(root) || MACHINE.test(read(file)))
  return [
    ...missing.map((file) => `has no ${file}`),
    ...strange.map((file) => `should not contain ${file}`),
    ...leaking.map((file) => `names a folder of a machine in ${file}`),
  ]
}

function importProblems(files: string[], read: (file: string) => string, manifest: Manifest): string[] {
  const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
  const allowed = (name: string): boolean =>
    declared.includes(name) || (builtinModules.includes(name.replace('node:', '')) && nodeAlone(manifest))
  return files
    .filter((file) => file.startsWith('dist/'))
    .flatMap((file) =>
      ts
        .preProcessFile(read(file), true, true)
        .importedFiles.map(({ fileName }) => fileName)
        .filter((name) => !name.startsWith('.') && !allowed(packageOf(name)))
        .map((name) => `imports ${name} in ${file} without declaring it`),
    )
}

/** Whether it may lean on Node: what has a command does. */
const nodeAlone = ({ bin }: Manifest): boolean => bin !== undefined

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

async function publintProblems(pkgDir: string): Promise<string[]> {
  const { messages, pkg } = await publint({ pkgDir, pack: false, strict: true, level: 'warning' })
  return messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`)
}

/** Whether the types are found as the code is, by every way of resolving there is for ES modules. */
function typeProblems(tarball: string): Promise<string[]> {
  const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js')
  const args = [attw, tarball, '--profile', 'esm-only', '--format', 'ascii', '--no-color', '--no-emoji', '--quiet']
  return promisify(execFile)(process.execPath, args).then(
    () => [],
    ({ stdout, stderr }) => [`attw: ${stdout}${stderr}`],
  )
}
