import { bin } from './deployment.ts'
import { runCases } from './run-cases.ts'

runCases('bun', () => [bin('bun'), '--conditions=@async-transaction/source', 'src/server.ts'])
