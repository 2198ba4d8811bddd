/** The contract as a process of its own, that has to end by itself. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Places, Verdict } from './contract.ts'

const command = join(import.meta.dirname, 'dist/command.js')

export const runCommand =
  (binary: string, ...args: string[]) =>
  async ({ gatewayUrl, elsewhereUrl }: Places): Promise<Verdict[]> => {
    const { stdout } = await promisify(execFile)(binary, [...args, command, gatewayUrl, elsewhereUrl], {
      cwd: import.meta.dirname,
      env: { ...process.env, NO_COLOR: '1', NODE_OPTIONS: '' },
      timeout: 100_000,
      maxBuffer: 1 << 24,
    })
    return JSON.parse(stdout)
  }

/** A program that an npm package brings along. */
export const installed = (path: string): string => join(import.meta.dirname, path)
