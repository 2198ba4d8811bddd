/** One version of rxjs, and this package as it is with that one in its place. */
import { vi } from 'vitest'

const packages = {
  '7.0': 'rxjs-7-0',
  '7.1': 'rxjs-7-1',
  '7.2': 'rxjs-7-2',
  '7.3': 'rxjs-7-3',
  '7.4': 'rxjs-7-4',
  '7.5': 'rxjs-7-5',
  '7.6': 'rxjs-7-6',
  '7.7': 'rxjs-7-7',
  '7.8': 'rxjs-7-8',
  '8.0.0-alpha': 'rxjs-8',
}

export type Version = keyof typeof packages
export const versions: readonly Version[] = Object.keys(packages) as Version[]

export interface Libraries {
  readonly rxjs: typeof import('rxjs')
  readonly operators: typeof import('rxjs/operators')
  readonly testing: typeof import('rxjs/testing')
  readonly ours: typeof import('../src/index.ts')
  readonly core: typeof import('@async-transaction/core')
  readonly shop: typeof import('../../../tests/conformance/checkout.ts')
}

/** Puts `version` in the place of rxjs for all that is imported from here on. */
export async function librariesOf(version: Version): Promise<Libraries> {
  // By a variable, for the types of older versions are not found under their `exports`; those of 7.8 stand for all.
  const name = packages[version]
  vi.resetModules()
  vi.doMock('rxjs', () => import(name))
  vi.doMock('rxjs/operators', () => import(`${name}/operators`))
  return {
    rxjs: await import(name),
    operators: await import(`${name}/operators`),
    testing: await import(`${name}/testing`),
    ours: await import('../src/index.ts'),
    core: await import('@async-transaction/core'),
    shop: await import('../../../tests/conformance/checkout.ts'),
  }
}
