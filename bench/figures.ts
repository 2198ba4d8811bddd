/** All figures, by the name that `--only` takes: what is measured of whom, and what it has to come to. */
import type { Effort } from './effort.ts'
import { bundleSize } from './figures/bundle-size.ts'
import { cpuOverLoopback, cpuOverStub } from './figures/cpu.ts'
import { growth } from './figures/growth.ts'
import { herd } from './figures/herd.ts'
import { requests } from './figures/requests.ts'
import { schedules } from './figures/schedules.ts'
import { sleepers } from './figures/sleepers.ts'
import type { Figure } from './results.ts'

export const figures: Readonly<Record<string, (effort: Effort) => Promise<readonly Figure[]>>> = {
  'cpu-stub': cpuOverStub,
  'cpu-loopback': cpuOverLoopback,
  sleepers,
  growth,
  requests,
  size: bundleSize,
  schedules,
  herd,
}
