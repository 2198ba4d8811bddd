import { expect, it } from 'vitest'
import { createSandbox } from '../create-sandbox.ts'
import { help, readCliOptions } from './cli-options.ts'
import { switchFlags, switchHelp } from './cli-switches.ts'
import { FlagError } from './flag-error.ts'

const values: [flag: string, option: string, values: unknown[]][] = [
  ['--processing-status', 'processingStatus', [200, 202, 425]],
  ['--status-url-processing', 'statusUrlProcessing', [200, 202, 425]],
  ['--unknown-status', 'unknownStatus', [404, 200]],
  ['--unauthorized-as', 'unauthorizedAs', ['json', 'text', 'html']],
  ['--foreign-tasks', 'foreignTasks', ['unknown', 'forbidden']],
  ['--refuse-at', 'refuseAt', ['submit', 'task']],
  ['--refusal-status', 'refusalStatus', [400, 422]],
  ['--repeat-while-processing', 'repeatWhileProcessing', ['acknowledgement', 409, 425]],
  ['--listed-while-processing', 'listedWhileProcessing', ['nothing', 'incomplete', 'without-status']],
  ['--children-listed', 'childrenListed', ['by-own-id', 'with-parent', 'nowhere']],
  ['--numeric-tracking-ids', 'numericTrackingIds', ['refused', 'taken']],
  ['--lower-case-currencies', 'lowerCaseCurrencies', ['refused', 'taken']],
  ['--amounts-as-text', 'amountsAsText', ['refused', 'taken']],
  ['--raw-cards', 'rawCards', ['allowed', 'refused']],
]

it.each(values)('%s sets %s, which the sandbox takes', (flag, option, each) => {
  for (const value of each) {
    const { switches } = readCliOptions([flag, String(value)])
    expect(switches).toEqual({ [option]: value })
    createSandbox(switches).close()
  }
})

it.each([
  ['--processing-status 404', '--processing-status takes 425 or 202 or 200'],
  ['--refuse-at never', '--refuse-at takes submit or task'],
  ['--refuse-at', '--refuse-at takes a value; see --help'],
  ['--repeat-while-processing 423', '--repeat-while-processing takes acknowledgement or 409 or 425'],
  ['--listed-while-processing pending', '--listed-while-processing takes nothing or incomplete or without-status'],
  ['--raw-cards no', '--raw-cards takes allowed or refused'],
  ['--refusal-status 0422', '--refusal-status takes 422 or 400'],
])('refuses %s', (line, message) => {
  expect(() => readCliOptions(line.split(' '))).toThrow(FlagError)
  expect(() => readCliOptions(line.split(' '))).toThrow(message)
})

it('the help lists every switch', () => {
  expect(help).toContain(switchHelp)
  for (const flag of Object.keys(switchFlags)) expect(switchHelp).toContain(`--${flag} <`)
  expect(values.map(([flag]) => flag)).toEqual(Object.keys(switchFlags).map((flag) => `--${flag}`))
})
