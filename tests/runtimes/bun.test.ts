import { installed, runCommand } from './run-command.ts'
import { runContract } from './run-contract.ts'

runContract('Bun', runCommand(installed('../../node_modules/.bin/bun'), 'run'))
