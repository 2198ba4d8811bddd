/** A deployed proxy as a process of its own, started by the command of its example, before a sandbox gateway. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { createTokenProxy, type TokenProxy } from '@async-transaction/proxy'
import { createSandbox, type Sandbox } from '@async-transaction/sandbox'
import { serveSandbox } from '@async-transaction/sandbox/node'
import { checkoutKey, credentials, secret } from '../shop-keys.ts'

export interface Deployment {
  /** Of the server itself. */
  readonly url: string
  /** Of the proxy on it: what a page gives to `createClient`. */
  readonly baseUrl: string
  readonly sandbox: Sandbox
  /** Makes tokens with the same secret, as the shop's own server does. */
  readonly issue: TokenProxy['issue']
  /** What the server has written so far. */
  readonly output: () => string
  /** Asks the server to end, as a deployment does, and resolves when it has. */
  readonly drain: () => Promise<void>
  readonly close: () => Promise<void>
}

/** The command, given what the server is to be told, where it is to listen, and a folder that it may fill. */
export type Start = (
  settings: Record<string, string>,
  port: number,
  scratch: string,
) => readonly [command: string, ...args: string[]]

/** What wrangler is told: to build from the sources, to say nothing home, and to look nothing up. */
export const quiet: Record<string, string> = {
  WRANGLER_BUILD_CONDITIONS: '@async-transaction/source,workerd,worker,browser',
  WRANGLER_SEND_METRICS: 'false',
  CI: 'true',
}

const root = join(import.meta.dirname, '../../..')

/** Starts the server of `examples/<name>`, and waits until it answers. */
export async function deploy(name: string, start: Start, more: Record<string, string> = {}): Promise<Deployment> {
  const sandbox = createSandbox({ credentials, latencyMs: 30 })
  const gateway = await serveSandbox(sandbox)
  const settings = {
    GATEWAY_URL: gateway.url,
    SHOP_ID: credentials.shopId,
    SECRET_KEY: credentials.secretKey,
    TOKEN_SECRET: secret,
    CHECKOUT_KEY: checkoutKey,
    SHOP_ORIGIN: 'https://shop.example',
    ...more,
  }
  const port = await freePort()
  const scratch = mkdtempSync(join(tmpdir(), 'async-transaction-deployment-'))
  const [command, ...args] = start(settings, port, scratch)
  // In a group of its own: a command may start others, and all of them are to end.
  const child = spawn(command, args, {
    cwd: join(root, 'examples', name),
    env: { ...process.env, ...settings, PORT: `${port}`, ...quiet },
    detached: true,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const close = async (): Promise<void> => {
    await end(child)
    rmSync(scratch, { recursive: true, force: true })
    sandbox.close()
    await gateway.close()
  }
  const url = `http://127.0.0.1:${port}`
  try {
    await answered(url, child)
  } catch (error) {
    await close()
    throw new Error(`${name} did not start: ${error}\n${output}`)
  }
  const { issue } = createTokenProxy({ gateway: { baseUrl: gateway.url, ...credentials }, secret, origins: [url] })
  const drain = (): Promise<void> => end(child, 'SIGTERM')
  return { url, baseUrl: `${url}/pay`, sandbox, issue, output: () => output, drain, close }
}

async function answered(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`)
    const answer = await fetch(`${url}/pay`).catch(() => undefined)
    if (answer?.status === 404) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('it did not answer')
}

async function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  process.kill(-child.pid, signal)
  await ended
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A program that an npm package brings along. */
export const bin = (name: string): string => join(root, 'node_modules/.bin', name)
