/** Asks for the secret key in a terminal, without showing what is typed. */
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { secretVariable } from './check-flags.ts'
import { FlagError } from './flag-error.ts'

/** @throws FlagError without a terminal to ask in */
export async function readSecret(environment: Readonly<Record<string, string | undefined>>): Promise<string> {
  const given = environment[secretVariable]
  if (given) return given
  if (!process.stdin.isTTY) throw new FlagError(`set ${secretVariable}, or run it in a terminal to be asked for it`)
  process.stderr.write('Secret key: ')
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true })
  try {
    const secret = await terminal.question('')
    if (!secret) throw new FlagError('the secret key is empty')
    return secret
  } finally {
    terminal.close()
    process.stderr.write('\n')
  }
}
