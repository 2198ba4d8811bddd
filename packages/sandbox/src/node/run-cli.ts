/** The command `async-transaction-sandbox`: serves a sandbox until it is stopped. */
import { createSandbox } from '../create-sandbox.ts'
import type { RequestRecord } from '../records.ts'
import { type CliOptions, help, readCliOptions } from './cli-options.ts'
import { FlagError } from './flag-error.ts'
import { logLine } from './log-line.ts'
import { type SandboxServer, serveSandbox } from './serve-sandbox.ts'

const command = 'async-transaction-sandbox'

/** Runs the command; resolves with the exit code, unless it is up and running. */
export async function runCli(args: readonly string[], version: string): Promise<number | undefined> {
  try {
    const options = readCliOptions(args)
    if (options.help) return print(help.trimEnd())
    if (options.version) return print(version)
    await serve(options, version)
    return undefined
  } catch (error) {
    if (error instanceof FlagError) return fail(error.message, 2)
    return fail(explain(error), 1)
  }
}

async function serve(options: CliOptions, version: string): Promise<void> {
  const { port, host, latencyMs, lookupLagMs, credentials, switches } = options
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 32)
  const onRequest = (record: RequestRecord): unknown => print(logLine(record))
  const sandbox = createSandbox({ latencyMs, lookupLagMs, credentials, seed, ...switches, onRequest })
  const server = await serveSandbox(sandbox, { port, hostname: host }).catch((error: unknown) => {
    throw Object.assign(new Error('cannot listen', { cause: error }), { host, port })
  })
  stopOnSignal(server, () => sandbox.close())
  if (!/^(localhost|127(\.\d+){3}|::1)$/.test(host))
    process.stderr.write(
      `${command}: warning: ${host} is open to the network, and the sandbox has no protection there\n`,
    )
  print(`${command} ${version}, seed ${seed}`)
  print(`listening on ${server.url}`)
  print(`webhook public key: ${await sandbox.publicKey()}`)
  print('cards: 4200000000000000 succeeds, 4005550000000019 is declined,')
  print('       4012000000001097 asks for 3-D Secure, 4012000000001014 fails it')
  print('Ctrl-C stops it')
}

/** The first signal stops in good order; the handlers are then gone, so that a second one stops at once. */
function stopOnSignal(server: SandboxServer, closeSandbox: () => void): void {
  const stop = async (): Promise<void> => {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
    closeSandbox()
    await server.close()
    print('stopped')
    process.exit(0)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

function explain(error: unknown): string {
  if (!(error instanceof Error) || !('port' in error) || !('host' in error)) return String(error)
  const code = (error.cause as { code?: string } | undefined)?.code ?? String(error.cause)
  if (code === 'EADDRINUSE')
    return `port ${error.port} is taken; give another with --port, or --port 0 for any free one`
  return `cannot listen on ${error.host}, port ${error.port}: ${code}`
}

function print(line: string): number {
  process.stdout.write(`${line}\n`)
  return 0
}

function fail(message: string, code: number): number {
  process.stderr.write(`${command}: ${message}\n`)
  return code
}
