#!/usr/bin/env node
/** The command `async-transaction-check`. */
import { runCheck } from './node/run-check.ts'

process.exitCode = await runCheck(process.argv.slice(2), process.env)
