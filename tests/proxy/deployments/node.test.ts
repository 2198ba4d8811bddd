import process from 'node:process'
import { runCases } from './run-cases.ts'

const flags = [
  '--conditions=@async-transaction/source',
  '--experimental-strip-types',
  '--disable-warning=ExperimentalWarning',
]

runCases('node-server', () => [process.execPath, ...flags, 'src/server.ts'])
