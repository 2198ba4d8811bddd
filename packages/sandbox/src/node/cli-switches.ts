/** The flags that set a switch of the sandbox: `--refuse-at` sets `refuseAt`. */
import type { SandboxOptions } from '../sandbox.ts'
import { type Switches, switches } from '../switches.ts'
import { FlagError } from './flag-error.ts'

const names = Object.keys(switches) as (keyof Switches)[]

/** The flags, as `parseArgs` takes them. */
export const switchFlags: Readonly<Record<string, { readonly type: 'string' }>> = Object.fromEntries(
  names.map((name) => [flagOf(name), { type: 'string' }]),
)

export const switchHelp: string = `\
Switches, for what the gateway's documents leave open (the first value is the default):

  --processing-status <425|202|200>
                        HTTP status of a result that is still processing
  --status-url-processing <200|202|425>
                        HTTP status of the status URL of a task that is still processing
  --unknown-status <404|200>
                        HTTP status of an unknown task
  --unauthorized-as <json|text|html>
                        body of a 401
  --foreign-tasks <unknown|forbidden>
                        a task of another shop: unknown, or 403
  --refuse-at <submit|task>
                        where invalid fields and duplicates are refused
  --refusal-status <422|400>
                        HTTP status of a refusal
  --repeat-while-processing <acknowledgement|409|425>
                        response to a repeat of a RequestID that is still processing
  --listed-while-processing <nothing|incomplete|without-status>
                        how lookups show a transaction that is still processing
  --children-listed <by-own-id|with-parent|nowhere>
                        where lookups by tracking id list captures, voids and refunds
  --numeric-tracking-ids <refused|taken>
                        a tracking_id that is a number
  --lower-case-currencies <refused|taken>
                        a currency such as kzt
  --amounts-as-text <refused|taken>
                        an amount such as "3245"
  --raw-cards <allowed|refused>
                        card numbers in the clear; refused with E.1065
`

/**
 * The switches that have a flag in the arguments.
 * @throws FlagError
 */
export function readSwitchFlags(text: (flag: string) => string | undefined): Pick<SandboxOptions, keyof Switches> {
  const given = names.flatMap((name) => {
    const value = text(flagOf(name))
    return value === undefined ? [] : [[name, choose(name, value)]]
  })
  return Object.fromEntries(given)
}

function choose(name: keyof Switches, text: string): unknown {
  const values: readonly unknown[] = switches[name]
  const chosen = values.find((value) => String(value) === text)
  if (chosen === undefined) throw new FlagError(`--${flagOf(name)} takes ${values.join(' or ')}`)
  return chosen
}

/** `refuseAt` → `refuse-at`. */
function flagOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
