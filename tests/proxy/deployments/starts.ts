/** The commands that start the examples. */
import process from 'node:process'
import { bin, type Start } from './deployment.ts'

const source = '--conditions=@async-transaction/source'

export const starts: Readonly<Record<'bun' | 'deno' | 'node-server' | 'cloudflare-worker', Start>> = {
  bun: () => [bin('bun'), source, 'src/server.ts'],
  deno: (_, port) => [
    ...([bin('deno'), 'serve', '--allow-net', '--allow-env', '--no-lock', source] as const),
    ...['--host', '127.0.0.1', '--port', `${port}`, 'src/server.ts'],
  ],
  'node-server': () => [
    ...([process.execPath, source, '--experimental-strip-types'] as const),
    ...['--disable-warning=ExperimentalWarning', 'src/server.ts'],
  ],
  'cloudflare-worker': (settings, port, scratch) => [
    ...([bin('wrangler'), 'dev', '--ip', '127.0.0.1', '--port', `${port}`] as const),
    ...['--inspector-port', '0', '--show-interactive-dev-session=false', '--persist-to', scratch],
    ...Object.entries(settings).flatMap(([name, value]) => ['--var', `${name}:${value}`]),
  ],
}
