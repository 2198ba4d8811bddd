/** `npm start -- --page`: builds the page, and opens the shop on this machine. `--port 5000` says where. */
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { build } from 'vite'
import { startShop } from './shop.ts'

const { values } = parseArgs({ options: { port: { type: 'string', default: '4173' } } })
const root = join(import.meta.dirname, '../..')

await build({ root, logLevel: 'warn' })
const shop = await startShop({ pageFolder: join(root, 'dist'), port: Number(values.port) })
process.stdout.write(
  `The checkout is open at ${shop.url}\nNo bank is involved, and no money moves. Ctrl-C closes it.\n`,
)

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, async () => {
    await shop.close()
    process.exit(0)
  })
