/** `npm run release`: packs, checks and publishes all packages; with `--dry-run`, all but the last. See CONTRIBUTING.md. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { pack } from './release/pack.ts'
import { release } from './release/release.ts'

const scratch = mkdtempSync(join(tmpdir(), 'async-transaction-release-'))
try {
  await release(await pack(scratch), {
    dryRun: process.argv.includes('--dry-run'),
    env: process.env,
    uncommitted: execFileSync('git', ['status', '--porcelain'], { encoding: 'utf8' }).trim(),
    pending: readdirSync('.changeset').filter((name) => name.endsWith('.md')),
    log: (line) => console.log(line),
    npm: (args) => execFileSync('npm', args, { stdio: 'inherit' }),
  })
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
