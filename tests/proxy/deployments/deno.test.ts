import { bin } from './deployment.ts'
import { runCases } from './run-cases.ts'

const flags = ['--allow-net', '--allow-env', '--no-lock', '--conditions=@async-transaction/source']

runCases('deno', (_, port) => [
  bin('deno'),
  'serve',
  ...flags,
  '--host',
  '127.0.0.1',
  '--port',
  `${port}`,
  'src/server.ts',
])
