/** The figures that the documentation shows are those of the last full run of the benchmarks. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { documents } from '../../bench/documents.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

it.each(documents(root))('%s shows what was measured', (file, text) => {
  expect(readFileSync(root + file, 'utf8'), `${file}: npm run bench -- --charts`).toBe(text)
})
