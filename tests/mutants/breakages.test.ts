import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { breakages } from './breakages.ts'

it.each(breakages.map(({ name, edits }) => [name, edits] as const))(
  '%s: the code that it breaks is there',
  (_, edits) => {
    for (const { file, find } of edits) {
      const text = readFileSync(new URL(`../../packages/${file}`, import.meta.url), 'utf8')
      expect(text.split(find), find).toHaveLength(2)
    }
  },
)
