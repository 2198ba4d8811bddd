/** The flags that set a switch of the sandbox. Each switch is a behaviour that public evidence leaves open. */
import type { SandboxOptions } from '../sandbox.ts'
import { FlagError } from './flag-error.ts'

export type Switches = Pick<SandboxOptions, 'processingStatus' | 'refuseAt' | 'refusalStatus'>

/** The values that each flag takes; the first is the default of the sandbox. */
const choices = {
  'processing-status': [425, 202, 200],
  'refuse-at': ['submit', 'task'],
  'refusal-status': [422, 400],
} as const

type Choice = keyof typeof choices

export const switchFlags: Readonly<Record<Choice, { readonly type: 'string' }>> = {
  'processing-status': { type: 'string' },
  'refuse-at': { type: 'string' },
  'refusal-status': { type: 'string' },
}

export const switchHelp: string = `\
Switches, for what the gateway's documents leave open (the first value is the default):

  --processing-status <425|202|200>   HTTP status of a result that is still processing
  --refuse-at <submit|task>           where invalid fields and duplicates are refused
  --refusal-status <422|400>          HTTP status of a refusal
`

/**
 * Reads the switches; an option is `undefined` where its flag is not given.
 * @throws FlagError
 */
export function readSwitches(text: (flag: keyof typeof switchFlags) => string | undefined): Switches {
  const choose = <Flag extends Choice>(flag: Flag): (typeof choices)[Flag][number] | undefined => {
    const values: readonly (typeof choices)[Flag][number][] = choices[flag]
    const given = text(flag)
    const chosen = values.find((value) => String(value) === given)
    if (given !== undefined && chosen === undefined) throw new FlagError(`--${flag} takes ${values.join(' or ')}`)
    return chosen
  }
  return {
    processingStatus: choose('processing-status'),
    refuseAt: choose('refuse-at'),
    refusalStatus: choose('refusal-status'),
  }
}
