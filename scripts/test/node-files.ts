/** The files of the project `node`: tests that need neither a page nor anything built. */
import { statSync } from 'node:fs'
import { matchesGlob, relative, resolve } from 'node:path'

export const include: string[] = ['packages/*/src/**/*.test.ts', 'tests/**/*.test.ts']
export const exclude: string[] = [
  '**/node_modules/**',
  'packages/react/**',
  '**/*.browser.test.*',
  'tests/{packaging,runtimes,versions}/**',
]

/** Whether arguments of vitest begin with files, and all of these are of this project. */
export function areNodeFiles(args: readonly string[], root: string): boolean {
  const options = args.findIndex((argument) => argument.startsWith('-'))
  const files = options < 0 ? args : args.slice(0, options)
  return files.length > 0 && files.every((file) => isNodeFile(relative(root, resolve(root, file)), root))
}

function isNodeFile(file: string, root: string): boolean {
  const matches = (glob: string): boolean => matchesGlob(file, glob)
  return (
    !!statSync(resolve(root, file), { throwIfNoEntry: false })?.isFile() &&
    include.some(matches) &&
    !exclude.some(matches)
  )
}
