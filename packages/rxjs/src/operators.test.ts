/** Every operator, under every version of rxjs that the package may meet. */
import { afterAll, beforeAll, describe, it, vi } from 'vitest'
import { type Libraries, librariesOf, versions } from '../testing/libraries.ts'
import { marbleCases } from '../testing/marble-cases.ts'
import { operatorCases } from '../testing/operator-cases.ts'
import { paymentCases } from '../testing/payment-cases.ts'

describe.each(versions)('with rxjs %s', (version) => {
  let libraries: Libraries
  beforeAll(async () => {
    libraries = await librariesOf(version)
  })
  afterAll(() => {
    vi.doUnmock('rxjs')
    vi.doUnmock('rxjs/operators')
  })

  it.each([...operatorCases, ...marbleCases, ...paymentCases])('%s', (_, check) => check(libraries))
})
