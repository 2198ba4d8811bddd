/** How much is measured: all for the tables, or as much as shows a regression. */
import { type ContestantName, contestants } from './contestant.ts'

export interface Effort {
  /** How often a figure with a ratio is measured: a process of each contestant in each round. */
  readonly rounds: number
  readonly contestants: readonly ContestantName[]
  /** Contestants whose growth is measured. */
  readonly growing: readonly ContestantName[]
  /** Polls of one task, over which it may not grow. */
  readonly growthPolls: number
  /** How many tasks sleep. */
  readonly sleeping: readonly number[]
  /** What a target that is measured in time or bytes is multiplied with: a busy machine is no judge of a hundredth. */
  readonly tolerance: number
}

export const US: ContestantName = 'async-transaction'
/** What the time of the processor is compared with. */
export const LOOP: ContestantName = 'ky-loop'
/** What memory is compared with, and the start of a task. */
export const PIPELINE: ContestantName = 'ky-rxjs'

export const whole: Effort = {
  rounds: 5,
  contestants,
  growing: contestants,
  growthPolls: 100_000,
  sleeping: [1000, 10_000, 100_000],
  tolerance: 1,
}

export const short: Effort = {
  rounds: 5,
  contestants: [US, LOOP, PIPELINE],
  growing: [US],
  growthPolls: 20_000,
  sleeping: [1000, 10_000],
  tolerance: 1.25,
}
