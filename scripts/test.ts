/**
 * The README's test command. Runs every layer of tests and ends with one line, `N passed, N failed`. Arguments are passed
 * on to vitest. Files that need neither a page nor anything built are run without the plugins of browsers and workers.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { areNodeFiles } from './test/node-files.ts'

interface Count {
  passed: number
  failed: number
}

const scratch = mkdtempSync(join(tmpdir(), 'async-transaction-test-'))
try {
  const { passed, failed } = vitest(process.argv.slice(2))
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

/** A run that ends badly without a failed test, or without a report, counts as one failure. */
function vitest(args: string[]): Count {
  const report = join(scratch, 'vitest.json')
  const { status } = spawnSync(
    process.execPath,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      `--config=vitest.${areNodeFiles(args, process.cwd()) ? 'node.config' : 'workspace'}.ts`,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...args,
    ],
    { stdio: 'inherit' },
  )
  const { passed, failed } = read(report)
  return { passed, failed: status === 0 ? failed : Math.max(failed, 1) }
}

function read(report: string): Count {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'))
    return { passed: numPassedTests, failed: numFailedTests }
  } catch {
    return { passed: 0, failed: 0 }
  }
}
