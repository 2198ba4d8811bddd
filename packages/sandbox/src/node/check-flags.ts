/** The flags of the command `async-transaction-check`. */
import { parseArgs } from 'node:util'
import { FlagError } from './flag-error.ts'

export interface CheckFlags {
  readonly help: boolean
  readonly baseUrl: string
  readonly shopId: string
  readonly currency: string
}

/** The environment variable of the secret: a flag would stand in the list of processes and in the shell's history. */
export const secretVariable = 'GATEWAY_SECRET_KEY'

export const checkHelp: string = `Usage: async-transaction-check --base-url <url> --shop-id <id> [--currency <code>]

Checks a test shop of a gateway on the beGateway engine: which of this library's assumptions hold there. It makes about
ten test payments with test cards, and prints a table that can be sent to the maintainers.

  --base-url <url>   the gateway, such as https://gateway.example
  --shop-id <id>     a shop for tests: one that does not answer test: true is left alone
  --currency <code>  a currency of the shop (default KZT)
  --help             this text

The secret key is asked for, or taken from ${secretVariable}. It is not printed.
Exit codes: 0 every assumption that could be seen holds, 1 it could not run, 2 a wrong flag, 3 an assumption does not hold.
`

const flags = {
  help: { type: 'boolean' },
  'base-url': { type: 'string' },
  'shop-id': { type: 'string' },
  currency: { type: 'string' },
} as const

/** @throws FlagError */
export function readCheckFlags(args: readonly string[]): CheckFlags {
  const { values, tokens } = parseArgs({ args: [...args], options: flags, strict: false, tokens: true })
  for (const token of tokens) {
    if (token.kind === 'positional') throw new FlagError('there are only flags to give; see --help')
    if (token.kind !== 'option') continue
    if (/secret/.test(token.name))
      throw new FlagError(`the secret key is no flag: set ${secretVariable}, or be asked for it`)
    if (!Object.hasOwn(flags, token.name)) throw new FlagError(`unknown flag ${token.rawName}; see --help`)
  }
  const text = (name: string): string => (typeof values[name] === 'string' ? String(values[name]) : '')
  const help = values.help === true
  const currency = text('currency') || 'KZT'
  if (!help && !text('shop-id')) throw new FlagError('--shop-id takes the id of a shop for tests')
  if (!/^[A-Z]{3}$/.test(currency)) throw new FlagError('--currency takes three capital letters, such as KZT')
  return { help, baseUrl: help ? '' : readBaseUrl(text('base-url')), shopId: text('shop-id'), currency }
}

/** The secret goes there, so it has to be encrypted, unless it stays on this machine. */
function readBaseUrl(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined
  const isLocal = url && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (!url || (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal))) {
    throw new FlagError('--base-url takes an https: URL, such as https://gateway.example; http: only on this machine')
  }
  if (url.username || url.search || url.hash) throw new FlagError('--base-url takes no credentials, query or fragment')
  return url.href.replace(/\/+$/, '')
}
