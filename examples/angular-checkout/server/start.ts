/** `npm start`: builds the page, starts the shop and its gateway, and tells where to look. Ctrl-C ends it. */
import process from 'node:process'
import { parseArgs } from 'node:util'
import { buildPage } from './build-page.ts'
import { startShop } from './start-shop.ts'

const { values } = parseArgs({
  options: { port: { type: 'string', default: '4200' }, latency: { type: 'string', default: '5000' } },
})

process.stdout.write('Building the page …\n')
const shop = await startShop({ page: await buildPage(), port: Number(values.port), latencyMs: Number(values.latency) })
process.stdout.write(`
Shop      ${shop.url}           a new order each time
Gateway   ${shop.gatewayUrl}/sandbox   what really happened: /charges, /requests, /tasks

Cards     4200 0000 0000 0000 is paid · 4005 5500 0000 0019 is declined · 4012 0000 0000 1097 asks for 3-D Secure
Faults    the next payment blows up:   curl -d '{"on":"submit","kind":"error"}' ${shop.gatewayUrl}/sandbox/faults
          the next one is forgotten:   curl -d '{"on":"submit","kind":"forget"}' ${shop.gatewayUrl}/sandbox/faults
`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void shop.close())
