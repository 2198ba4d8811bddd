/** The command `async-transaction-check`: checks a test shop, and prints what held as a table. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { checkGateway } from '../check/check-gateway.ts'
import { checkTable } from '../check/check-table.ts'
import { CheckError } from '../check/gateway-caller.ts'
import { checkHelp, readCheckFlags } from './check-flags.ts'
import { FlagError } from './flag-error.ts'
import { readSecret } from './read-secret.ts'

/** Runs the command; resolves with its exit code. */
export async function runCheck(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  try {
    const { help, ...flags } = readCheckFlags(args)
    if (help) return print(checkHelp, 0)
    const findings = await checkGateway({
      ...flags,
      secretKey: await readSecret(environment),
      fetch: (request) => fetch(request),
      sleep: async (ms) => void (await sleep(ms)),
      uuid: randomUUID,
      random: Math.random,
    })
    return print(`${checkTable(findings)}\n`, findings.some(({ held }) => held === false) ? 3 : 0)
  } catch (error) {
    if (error instanceof FlagError) return fail(error.message, 2)
    if (error instanceof CheckError) return fail(error.message, 1)
    throw error
  }
}

function print(text: string, code: number): number {
  process.stdout.write(text)
  return code
}

function fail(message: string, code: number): number {
  process.stderr.write(`async-transaction-check: ${message}\n`)
  return code
}
