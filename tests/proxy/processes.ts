/** Processes of tests: Redis servers, and proxies that use them. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import process from 'node:process'

export const redisIsInstalled: boolean = spawnSync('redis-server', ['--version']).status === 0
if (!redisIsInstalled)
  console.warn('redis-server is not installed: its tests are skipped (apt-get install redis-server)')

const root = join(import.meta.dirname, '../..')

export interface Started {
  readonly child: ChildProcess
  /** The part of its output that was waited for. */
  readonly said: string
  /** Ends it, by SIGKILL unless told otherwise, and resolves to its exit code. */
  readonly end: (signal?: NodeJS.Signals) => Promise<number | null>
}

/** Resolves once the process prints something that `pattern` finds. */
export function start(
  command: string,
  args: readonly string[],
  env: Record<string, string>,
  pattern: RegExp,
): Promise<Started> {
  const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env } })
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const end = (signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> => {
    child.kill(signal)
    return exited
  }
  let output = ''
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      output += chunk
      const found = pattern.exec(output)
      if (found) resolve({ child, said: found[0], end })
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('exit', () => reject(new Error(output)))
  })
}

/** A Redis server in memory on a port of its own, unless `args` say otherwise. */
export const startRedis = (port: number, folder: string, args: readonly string[] = []): Promise<Started> =>
  start(
    'redis-server',
    ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--dir', folder, ...args],
    {},
    /Ready to accept connections/,
  )

/** A proxy on Node; `said` is its URL. */
export const startProxy = (gatewayUrl: string, redisUrl: string): Promise<Started> =>
  start(
    process.execPath,
    [
      '--conditions=@async-transaction/source',
      '--experimental-strip-types',
      '--disable-warning=ExperimentalWarning',
      'tests/proxy/proxy-process.ts',
    ],
    { GATEWAY: gatewayUrl, REDIS: redisUrl },
    /http:\S+/,
  )

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
