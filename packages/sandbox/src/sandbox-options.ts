/** Checks the options of a sandbox: a mistake in a test's set-up is to fail there, not pass for the gateway's doing. */
import type { SandboxOptions } from './sandbox.ts'
import { readSwitches, type Switches } from './switches.ts'

export interface CheckedOptions {
  /** The latency for a random number from 0 to 1, in milliseconds. */
  readonly latency: (random: number) => number
  readonly lookupLagMs: number
  readonly baseUrl: string | undefined
  readonly switches: Switches
}

/** @throws TypeError that names the option and what it takes */
export function readOptions(options: SandboxOptions): CheckedOptions {
  const { latencyMs = 0, lookupLagMs = 0, credentials, seed, baseUrl } = options
  const [min, max] = typeof latencyMs === 'number' ? [latencyMs, latencyMs] : latencyMs
  const isMs = (value: unknown): boolean => Number.isFinite(value) && (value as number) >= 0
  require(isMs(min) && isMs(max) && min <= max, 'latencyMs takes milliseconds, or a pair of them from less to more')
  require(isMs(lookupLagMs), 'lookupLagMs takes milliseconds, 0 or more')
  require(seed === undefined || Number.isFinite(seed), 'seed takes a number')
  require(!credentials || (credentials.shopId && credentials.secretKey), 'credentials takes { shopId, secretKey }')
  require(baseUrl === undefined || URL.canParse(baseUrl), 'baseUrl takes an absolute URL')
  return {
    latency: (random) => Math.round(min + (max - min) * random),
    lookupLagMs,
    baseUrl: baseUrl?.replace(/\/+$/, ''),
    switches: readSwitches(options),
  }
}

function require(holds: unknown, message: string): void {
  if (!holds) throw new TypeError(`createSandbox: ${message}`)
}
