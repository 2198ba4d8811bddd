import process from 'node:process'
import { runCases } from './run-cases.ts'
import { runServerCases } from './server-cases.ts'

const flags = [
  '--conditions=@async-transaction/source',
  '--experimental-strip-types',
  '--disable-warning=ExperimentalWarning',
]

const start = () => [process.execPath, ...flags, 'src/server.ts'] as const
runCases('node-server', start)
runServerCases('node-server', start)
