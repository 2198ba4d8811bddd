import { bin } from './deployment.ts'
import { runCases } from './run-cases.ts'
import { runServerCases } from './server-cases.ts'

const flags = ['--allow-net', '--allow-env', '--no-lock', '--conditions=@async-transaction/source']

const start = (_: object, port: number) =>
  [bin('deno'), 'serve', ...flags, '--host', '127.0.0.1', '--port', `${port}`, 'src/server.ts'] as const
runCases('deno', start)
runServerCases('deno', start)
