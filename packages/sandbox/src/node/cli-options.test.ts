import { describe, expect, it } from 'vitest'
import { help, readCliOptions } from './cli-options.ts'
import { FlagError } from './flag-error.ts'

describe('the flags', () => {
  it('have their defaults', () => {
    expect(readCliOptions([])).toEqual({
      help: false,
      version: false,
      port: 4010,
      host: '127.0.0.1',
      latencyMs: 2000,
      lookupLagMs: 0,
      seed: undefined,
      credentials: undefined,
      switches: {},
    })
  })

  it('are read', () => {
    const args =
      '--port 0 --host localhost --latency=4000-7000 --lookup-lag 3000 --seed 7 --shop-id 361 --secret-key k'.split(' ')
    expect(readCliOptions(args)).toMatchObject({
      port: 0,
      host: 'localhost',
      latencyMs: [4000, 7000],
      lookupLagMs: 3000,
      seed: 7,
      credentials: { shopId: '361', secretKey: 'k' },
    })
    expect(readCliOptions(['--help', '--version'])).toMatchObject({ help: true, version: true })
  })

  it.each([
    ['--prot 1', 'unknown flag --prot; see --help'],
    ['-p 1', 'unknown flag -p; see --help'],
    ['--no-help', 'unknown flag --no-help; see --help'],
    ['--__proto__ 1', 'unknown flag --__proto__; see --help'],
    ['4010', 'there are only flags to give; see --help'],
    ['--port', '--port takes a value; see --help'],
    ['--port=', '--port takes a value; see --help'],
    ['--port http', '--port takes a whole number from 0 to 65535, 0 for any free port'],
    ['--port -1', '--port takes a whole number from 0 to 65535, 0 for any free port'],
    ['--port 65536', '--port takes a whole number from 0 to 65535, 0 for any free port'],
    ['--port --seed', '--port takes a whole number from 0 to 65535, 0 for any free port'],
    ['--latency fast', '--latency takes milliseconds, such as 2000, or a range of them, such as 4000-7000'],
    ['--latency 7-4', '--latency takes milliseconds, such as 2000, or a range of them, such as 4000-7000'],
    ['--lookup-lag 3s', '--lookup-lag takes milliseconds, such as 3000'],
    ['--lookup-lag -1', '--lookup-lag takes milliseconds, such as 3000'],
    ['--seed x', '--seed takes a whole number'],
    ['--help=yes', '--help takes no value'],
    ['--shop-id 361', '--shop-id and --secret-key go together'],
  ])('%s is refused', (line, message) => {
    expect(() => readCliOptions(line.split(' '))).toThrow(FlagError)
    expect(() => readCliOptions(line.split(' '))).toThrow(message)
  })

  it('are all in the help', () => {
    for (const name of ['port', 'host', 'latency', 'lookup-lag', 'seed', 'shop-id', 'secret-key', 'help', 'version']) {
      expect(help).toContain(`--${name} `)
    }
  })
})
