import { installed, runCommand } from './run-command.ts'
import { runOn } from './run-on.ts'

runOn('Bun', runCommand(installed('../../node_modules/.bin/bun'), 'run'))
