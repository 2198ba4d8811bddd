import { runCases } from './run-cases.ts'
import { runServerCases } from './server-cases.ts'
import { starts } from './starts.ts'

runCases('bun', starts.bun)
runServerCases('bun', starts.bun)
