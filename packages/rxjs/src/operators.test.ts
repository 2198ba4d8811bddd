/** Every operator, under every version of rxjs that the package may meet. */
import { describe, expect, it, vi } from 'vitest'
import { type Libraries, librariesOf, type Version, versions } from '../testing/libraries.ts'
import { marbleCases } from '../testing/marble-cases.ts'
import { operatorCases } from '../testing/operator-cases.ts'
import { paymentCases } from '../testing/payment-cases.ts'
import { taskOf } from '../testing/states.ts'

// Here, and not in a hook: how long imports take is a matter of the machine, and a hook has a time limit.
const loaded = new Map<Version, Libraries>()
for (const version of versions) loaded.set(version, await librariesOf(version))
vi.doUnmock('rxjs')
vi.doUnmock('rxjs/operators')

describe.each([...loaded])('with rxjs %s', (version, libraries) => {
  it('the operators are over this version, and no other', () => {
    const made = libraries.ours.fromTask(taskOf(libraries.rxjs.of()))
    const over = [...loaded].filter(([, { rxjs }]) => made instanceof rxjs.Observable).map(([name]) => name)
    expect(over).toEqual([version])
  })

  it.each([...operatorCases, ...marbleCases, ...paymentCases])('%s', (_, check) => check(libraries))
})
