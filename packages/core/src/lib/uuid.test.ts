import { afterEach, expect, it, vi } from 'vitest'
import { uuid } from './uuid.ts'

afterEach(() => vi.unstubAllGlobals())

it('is one of version 4 where the platform makes none, as on a page over plain http', () => {
  const { getRandomValues } = crypto
  vi.stubGlobal('crypto', { getRandomValues: getRandomValues.bind(crypto) })
  const made = new Set(Array.from({ length: 100 }, uuid))
  expect(made.size).toBe(100)
  for (const each of made) expect(each).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
})
