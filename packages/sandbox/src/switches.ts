/** The behaviours that public evidence leaves open. */

/**
 * Every switch of the sandbox, by the name of its option, with the values that it takes, the default first. A test that
 * plays each of them does not depend on a guess. Each is described at `SandboxOptions`.
 */
export const switches = {
  processingStatus: [425, 202, 200],
  statusUrlProcessing: [200, 202, 425],
  unknownStatus: [404, 200],
  unauthorizedAs: ['json', 'text', 'html'],
  foreignTasks: ['unknown', 'forbidden'],
  refuseAt: ['submit', 'task'],
  refusalStatus: [422, 400],
  repeatWhileProcessing: ['acknowledgement', 409, 425],
  listedWhileProcessing: ['nothing', 'incomplete', 'without-status'],
  childrenListed: ['by-own-id', 'with-parent', 'nowhere'],
  numericTrackingIds: ['refused', 'taken'],
  lowerCaseCurrencies: ['refused', 'taken'],
  amountsAsText: ['refused', 'taken'],
  rawCards: ['allowed', 'refused'],
} as const

/** A position of every switch. */
export type Switches = { readonly [Name in keyof typeof switches]: (typeof switches)[Name][number] }

/**
 * Reads every switch from options that have passed no check yet.
 * @throws TypeError that names the option and its values
 */
export function readSwitches(options: { readonly [Name in keyof Switches]?: unknown }): Switches {
  const chosen = Object.entries(switches).map(([name, values]: [string, readonly unknown[]]) => {
    const value = options[name as keyof Switches] ?? values[0]
    if (!values.includes(value)) throw new TypeError(`createSandbox: ${name} takes ${listed(values)}`)
    return [name, value]
  })
  return Object.fromEntries(chosen)
}

/** `'acknowledgement', 409 or 425`. */
function listed(values: readonly unknown[]): string {
  const words = values.map((value) => (typeof value === 'string' ? `'${value}'` : String(value)))
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}
