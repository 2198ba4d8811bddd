/** What a runtime can be told to do. */
import { type Library, type Places, playContract, type Verdict } from './contract.ts'
import { playResends } from './resends.ts'

const jobs = { contract: playContract, resends: playResends }

export type Job = keyof typeof jobs

/** A runtime that is started for one job, and gives its verdicts. */
export type Runtime = (job: Job, places: Places) => Promise<Verdict[]>

export const work = (job: string, library: Library, places: Places): Promise<Verdict[]> =>
  jobs[job as Job](library, places)
