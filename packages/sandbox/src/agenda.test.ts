import { expect, it } from 'vitest'
import { createManualClock } from '../testing/manual-clock.ts'
import { createAgenda } from './agenda.ts'

it('runs what is due in order of time, and what was planned first among equals', () => {
  const clock = createManualClock(0)
  const agenda = createAgenda(clock)
  const ran: string[] = []
  agenda.at(20, () => ran.push('c'))
  agenda.at(10, () => ran.push('a'))
  agenda.at(10, () => ran.push('b'))
  clock.advance(9)
  expect(ran).toEqual([])
  clock.advance(11)
  expect(ran).toEqual(['a', 'b', 'c'])
})

it('runs what is due for whoever asks, also before the timer came', () => {
  const clock = createManualClock(0)
  const agenda = createAgenda(clock)
  const ran: string[] = []
  agenda.at(0, () => ran.push('now'))
  agenda.runDue()
  expect(ran).toEqual(['now'])
  expect(clock.nextIn()).toBeUndefined()
})

it('runs what an entry plans for the same moment', () => {
  const clock = createManualClock(0)
  const agenda = createAgenda(clock)
  const ran: string[] = []
  agenda.at(5, () => agenda.at(5, () => ran.push('planned late')))
  clock.advance(5)
  expect(ran).toEqual(['planned late'])
})

it('keeps one timer, for the earliest entry, and none when nothing is left', () => {
  const clock = createManualClock(0)
  const agenda = createAgenda(clock)
  const cancel = agenda.at(10, () => {})
  agenda.at(30, () => {})
  expect(clock.nextIn()).toBe(10)
  cancel()
  expect(clock.nextIn()).toBe(30)
  agenda.close()
  expect(clock.nextIn()).toBeUndefined()
  agenda.at(40, () => {})
  expect(clock.nextIn()).toBeUndefined()
})

it('waits longer than the longest timer of a runtime', () => {
  const clock = createManualClock(0)
  const agenda = createAgenda(clock)
  let ran = 0
  agenda.at(2 ** 31 + 10, () => ran++)
  clock.advance(2 ** 31 - 1)
  expect(ran).toBe(0)
  clock.advance(11)
  expect(ran).toBe(1)
})

it('does not keep a process alive', () => {
  let unrefs = 0
  const clock = { now: () => 0, setTimeout: () => ({ unref: () => unrefs++ }), clearTimeout: () => {} }
  createAgenda(clock).at(10, () => {})
  expect(unrefs).toBe(1)
})
