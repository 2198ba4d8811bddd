import { runCases } from './run-cases.ts'
import { runServerCases } from './server-cases.ts'
import { starts } from './starts.ts'

runCases('deno', starts.deno)
runServerCases('deno', starts.deno)
