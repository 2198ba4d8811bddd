import { installed, runCommand } from './run-command.ts'
import { runContract } from './run-contract.ts'

const flags = ['run', '--allow-net', '--no-lock', '--node-modules-dir=manual']
runContract('Deno', runCommand(installed('../../node_modules/.bin/deno'), ...flags))
