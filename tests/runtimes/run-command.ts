/** Runtimes that are a process of their own, which has to end by itself. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Runtime } from './jobs.ts'

const command = join(import.meta.dirname, 'dist/command.js')

export const runCommand =
  (binary: string, ...args: string[]): Runtime =>
  async (job, { gatewayUrl, elsewhereUrl }) => {
    const { stdout } = await promisify(execFile)(binary, [...args, command, job, gatewayUrl, elsewhereUrl], {
      cwd: import.meta.dirname,
      env: { ...process.env, NO_COLOR: '1', NODE_OPTIONS: '' },
      timeout: 100_000,
      maxBuffer: 1 << 24,
    })
    return JSON.parse(stdout)
  }

/** A program that an npm package brings along. */
export const installed = (path: string): string => join(import.meta.dirname, path)
