/** The flags of the command `async-transaction-sandbox`. */
import { parseArgs } from 'node:util'
import type { SandboxOptions } from '../sandbox.ts'
import type { Switches } from '../switches.ts'
import { readSwitchFlags, switchFlags, switchHelp } from './cli-switches.ts'
import { FlagError } from './flag-error.ts'

export interface CliOptions {
  help: boolean
  version: boolean
  port: number
  host: string
  latencyMs: number | [number, number]
  lookupLagMs: number
  seed: number | undefined
  credentials: { shopId: string; secretKey: string } | undefined
  switches: Pick<SandboxOptions, keyof Switches>
}

export const help: string = `Usage: async-transaction-sandbox [flags]

A local gateway for asynchronous card payments: everything of the real one, and no money.

  --port <number>       where to listen, 0 for any free port (default 4010)
  --host <name>         on which interface (default 127.0.0.1; others can reach it elsewhere, and it has no protection)
  --latency <ms>        how long a task is processed, or a range such as 4000-7000 (default 2000)
  --lookup-lag <ms>     how long a transaction, or its new state, takes to show in lookups (default 0)
  --seed <number>       makes ids and latencies reproducible (default: a new one)
  --shop-id <id>        the only shop that is let in (default: any)
  --secret-key <key>    its key; goes with --shop-id
  --help                this text
  --version             the version

${switchHelp}`

const flags = {
  help: { type: 'boolean' },
  version: { type: 'boolean' },
  port: { type: 'string' },
  host: { type: 'string' },
  latency: { type: 'string' },
  'lookup-lag': { type: 'string' },
  seed: { type: 'string' },
  'shop-id': { type: 'string' },
  'secret-key': { type: 'string' },
  ...switchFlags,
} as const

/** @throws FlagError */
export function readCliOptions(args: readonly string[]): CliOptions {
  const { values, tokens } = parseArgs({ args: [...args], options: flags, strict: false, tokens: true })
  for (const token of tokens) {
    if (token.kind === 'positional') throw new FlagError('there are only flags to give; see --help')
    if (token.kind === 'option') checkFlag(token)
  }
  const text = (name: string): string | undefined => (typeof values[name] === 'string' ? values[name] : undefined)
  const shopId = text('shop-id')
  const secretKey = text('secret-key')
  if ((shopId === undefined) !== (secretKey === undefined))
    throw new FlagError('--shop-id and --secret-key go together')
  return {
    help: values.help === true,
    version: values.version === true,
    port: readPort(text('port')),
    host: text('host') ?? '127.0.0.1',
    latencyMs: readLatency(text('latency')),
    lookupLagMs: readLookupLag(text('lookup-lag')),
    seed: readSeed(text('seed')),
    credentials: shopId !== undefined && secretKey !== undefined ? { shopId, secretKey } : undefined,
    switches: readSwitchFlags(text),
  }
}

function checkFlag({ name, rawName, value }: { name: string; rawName: string; value: string | undefined }): void {
  const flag = Object.hasOwn(flags, name) ? flags[name as keyof typeof flags] : undefined
  if (!flag || !rawName.startsWith('--')) throw new FlagError(`unknown flag ${rawName}; see --help`)
  if (flag.type === 'boolean' && value !== undefined) throw new FlagError(`--${name} takes no value`)
  if (flag.type === 'string' && !value) throw new FlagError(`--${name} takes a value; see --help`)
}

function readPort(value = '4010'): number {
  const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN
  if (!(port <= 65_535)) throw new FlagError('--port takes a whole number from 0 to 65535, 0 for any free port')
  return port
}

function readLatency(value = '2000'): number | [number, number] {
  const [, min, max] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(value) ?? []
  if (min === undefined || (max !== undefined && Number(max) < Number(min))) {
    throw new FlagError('--latency takes milliseconds, such as 2000, or a range of them, such as 4000-7000')
  }
  return max === undefined ? Number(min) : [Number(min), Number(max)]
}

function readLookupLag(value = '0'): number {
  if (!/^\d{1,9}$/.test(value)) throw new FlagError('--lookup-lag takes milliseconds, such as 3000')
  return Number(value)
}

function readSeed(value: string | undefined): number | undefined {
  if (value !== undefined && !/^\d{1,15}$/.test(value)) throw new FlagError('--seed takes a whole number')
  return value === undefined ? undefined : Number(value)
}
