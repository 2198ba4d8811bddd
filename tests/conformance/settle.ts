/** What a test left under way ends with it, so that what runs is always of the test that is named. */
import { afterEach } from 'vitest'

/** Turns of the event loop after which what runs in this process alone has settled. */
const TURNS = 8

afterEach(async () => {
  for (let turn = 0; turn < TURNS; turn++) await new Promise(setImmediate)
})
