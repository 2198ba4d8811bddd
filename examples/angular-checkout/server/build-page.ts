/** `ng build`, quietly: its output is shown when it fails. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'

const example = join(import.meta.dirname, '..')

/** Resolves to the folder of the built page. */
export async function buildPage(): Promise<string> {
  const ng = join(example, 'node_modules/@angular/cli/bin/ng.js')
  const build = spawn(process.execPath, [ng, 'build', '--progress=false'], {
    cwd: example,
    env: { ...process.env, NG_CLI_ANALYTICS: 'false' },
  })
  let output = ''
  for (const stream of [build.stdout, build.stderr])
    stream.on('data', (chunk) => {
      output += chunk
    })
  const code = await new Promise((resolve) => build.once('close', resolve))
  if (code !== 0) throw new Error(`The page could not be built.\n${output}`)
  return join(example, 'dist')
}
