import { installed, runCommand } from './run-command.ts'
import { runOn } from './run-on.ts'

const flags = ['run', '--allow-net', '--no-lock', '--node-modules-dir=manual']
runOn('Deno', runCommand(installed('../../node_modules/.bin/deno'), ...flags))
