import { bin } from './deployment.ts'
import { runCases } from './run-cases.ts'
import { runServerCases } from './server-cases.ts'

const start = () => [bin('bun'), '--conditions=@async-transaction/source', 'src/server.ts'] as const
runCases('bun', start)
runServerCases('bun', start)
