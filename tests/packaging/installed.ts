/** Packs and installs, once for all tests of the packages as they are published. */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { installedVersion, installPacked } from '../../scripts/release/install-packed.ts'
import { type PackedPackage, pack } from '../../scripts/release/pack.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    packed: PackedPackage[]
    /** A folder with all packages installed, and the programs of `consumer/`. */
    consumer: string
  }
}

export default async function setup({ provide }: TestProject): Promise<() => void> {
  const scratch = mkdtempSync(join(tmpdir(), 'async-transaction-packaging-'))
  const packed = await pack(scratch)
  const consumer = join(scratch, 'consumer')
  mkdirSync(consumer)
  cpSync(join(import.meta.dirname, 'consumer'), consumer, { recursive: true })
  await installPacked(consumer, packed, {
    'react-dom': installedVersion('react', 'react-dom'),
    '@types/react': installedVersion('react', '@types/react'),
  })
  provide('packed', packed)
  provide('consumer', consumer)
  return () => rmSync(scratch, { recursive: true, force: true })
}
