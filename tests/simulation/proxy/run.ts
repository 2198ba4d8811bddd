/** The mode `proxy` of `npm run simulate`. */
import { createSimulation } from '../simulated-mode.ts'
import kept from './kept.json' with { type: 'json' }
import { drawProxyPlan, smallerPlans } from './plan.ts'
import { playProxy } from './scenario.ts'

export const { playSeed, simulate } = createSimulation({
  name: 'proxy',
  kept,
  draw: drawProxyPlan,
  play: playProxy,
  smaller: smallerPlans,
})
