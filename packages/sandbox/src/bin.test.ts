import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { card, createShop } from '../testing/shop.ts'

const bin = fileURLToPath(new URL('./bin.ts', import.meta.url))
/** Some versions of Node take TypeScript only when asked to, and remark on it. */
const flags = [
  '--conditions=@async-transaction/source',
  '--experimental-strip-types',
  '--disable-warning=ExperimentalWarning',
]
const running: ChildProcess[] = []

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})

function start(...args: string[]) {
  const child = spawn(process.execPath, [...flags, bin, ...args])
  running.push(child)
  const output = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    output.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    output.err += chunk
  })
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', (code) => resolve(code))
  })
  const shows = (text: string | RegExp) => expect.poll(() => output.out, { timeout: 15_000 }).toMatch(text)
  return { child, output, ended, shows }
}

describe('the command', () => {
  it('--help tells the flags, --version the version', async () => {
    const [help, version] = [start('--help'), start('--version')]
    expect([await help.ended, await version.ended]).toEqual([0, 0])
    expect(help.output.out).toMatch(/^Usage: async-transaction-sandbox/)
    expect(version.output.out).toMatch(/^\d+\.\d+\.\d+\S*\n$/)
    expect(help.output.err + version.output.err).toBe('')
  })

  it('a bad flag is one line and exit code 2', async () => {
    const { output, ended } = start('--port', 'http')
    expect(await ended).toBe(2)
    expect(output.err).toBe(
      'async-transaction-sandbox: --port takes a whole number from 0 to 65535, 0 for any free port\n',
    )
  })

  it('a taken port is one line and exit code 1', async () => {
    const holder = createServer()
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
    const { port } = holder.address() as { port: number }
    const { output, ended } = start('--port', String(port))
    expect(await ended).toBe(1)
    holder.close()
    expect(output.err).toBe(
      `async-transaction-sandbox: port ${port} is taken; give another with --port, or --port 0 for any free one\n`,
    )
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('serves until %s, and then ends with 0', async (signal) => {
    const { child, output, ended, shows } = start('--port', '0', '--latency', '0', '--seed', '7')
    await shows('Ctrl-C stops it')
    expect(output.out).toMatch(/^async-transaction-sandbox \S+, seed 7\nlistening on http:\/\/127\.0\.0\.1:\d+\n/)
    expect(output.out).toMatch(/webhook public key: [A-Za-z0-9+/]{300,}={0,2}\n/)
    const url = /listening on (\S+)/.exec(output.out)?.[1] ?? ''
    const shop = createShop({ fetch: (input, init) => fetch(input, init) }, undefined, url)

    const before = output.out.length
    const tracking_id = 'order 5555555555554444'
    const ack = await shop.pay({ tracking_id, credit_card: card('4111111111111111') })
    expect((await shop.result(ack.body.request_id)).body.transaction.status).toBe('successful')
    await shop.get(`/v2/transactions/tracking_id/${encodeURIComponent(tracking_id)}`)
    await shows(/tracking_id\/order \*+ 200/)
    const log = output.out.slice(before)
    expect(log.trim().split('\n')).toHaveLength(3)
    expect(log).toMatch(/^\S+Z POST \/async\/transactions\/payments 200 \d+ ms order \*{12}\n/)
    for (const secret of ['4111111111111111', '5555555555554444', '123', 'JANE', 'secret-1', btoa('shop-1:secret-1')]) {
      expect(log.replaceAll(ack.body.request_id, '').replaceAll(/^\S+Z |\d+ ms /gm, '')).not.toContain(secret)
    }

    child.kill(signal)
    expect(await ended).toBe(0)
    expect(output.out).toMatch(/\nstopped\n$/)
    expect(output.err).toBe('')
  })

  it('warns where others can reach it', async () => {
    const open = start('--port', '0', '--host', '0.0.0.0')
    await open.shows('Ctrl-C stops it')
    expect(open.output.err).toBe(
      'async-transaction-sandbox: warning: 0.0.0.0 is open to the network, and the sandbox has no protection there\n',
    )
  })

  it('turns every switch that it has a flag for', async () => {
    const card = '--raw-cards refused --refuse-at task --refusal-status 400 --processing-status 202'
    const lists = '--listed-while-processing incomplete --lookup-lag 3000 --repeat-while-processing 409'
    const { output, shows } = start('--port', '0', '--latency', '60000', ...card.split(' '), ...lists.split(' '))
    await shows('listening on')
    const url = /listening on (\S+)/.exec(output.out)?.[1] ?? ''
    const shop = createShop({ fetch: (input, init) => fetch(input, init) }, undefined, url)
    const encrypted = { credit_card: undefined, encrypted_credit_card: { number: '$begatewaycsejs_1_0_0$c2VjcmV0' } }
    const ack = await shop.pay(encrypted, { RequestID: 'r-1' })
    expect((await shop.pay(encrypted, { RequestID: 'r-1' })).status).toBe(409)
    expect((await shop.result(ack.body.request_id)).status).toBe(202)
    const listed = async () => (await shop.get('/v2/transactions/tracking_id/order-17')).body.transactions
    expect(await listed()).toEqual([])
    await expect.poll(listed, { timeout: 10_000 }).toMatchObject([{ status: 'incomplete', redirect_url: null }])

    const quick = start('--port', '0', '--latency', '0', ...card.split(' '))
    await quick.shows('listening on')
    const other = /listening on (\S+)/.exec(quick.output.out)?.[1] ?? ''
    const refused = createShop({ fetch: (input, init) => fetch(input, init) }, undefined, other)
    const { request_id } = (await refused.pay()).body
    expect(await refused.result(request_id)).toMatchObject({ status: 400, body: { response: {} } })
    expect((await refused.result(request_id)).status).toBe(404)
  })

  it('takes only the given credentials', async () => {
    const { output, shows } = start('--port', '0', '--shop-id', '361', '--secret-key', 'top')
    await shows('listening on')
    const url = /listening on (\S+)/.exec(output.out)?.[1] ?? ''
    const over = { fetch: (input: Request | URL | string, init?: RequestInit) => fetch(input, init) }
    expect((await createShop(over, '361:top', url).status('1')).status).toBe(404)
    expect((await createShop(over, '361:other', url).status('1')).status).toBe(401)
    expect(output.out).not.toContain('top\n')
  })
})
