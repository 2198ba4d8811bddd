/** For tests of what is built on the library: time that only moves when it is told to. */
export { createSimulatedClock, type SimulatedClock } from './lib/simulated-clock.ts'
