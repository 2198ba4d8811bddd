#!/usr/bin/env node
/** The command `async-transaction-sandbox`. */
import { readFileSync } from 'node:fs'
import { runCli } from './node/run-cli.ts'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const exitCode = await runCli(process.argv.slice(2), version)
if (exitCode !== undefined) process.exitCode = exitCode
