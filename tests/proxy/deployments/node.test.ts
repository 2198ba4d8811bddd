import { runCases } from './run-cases.ts'
import { runServerCases } from './server-cases.ts'
import { starts } from './starts.ts'

runCases('node-server', starts['node-server'])
runServerCases('node-server', starts['node-server'])
