/** The mode `tabs` of `npm run simulate`. */
import { createSimulation } from '../simulated-mode.ts'
import kept from './kept.json' with { type: 'json' }
import { drawTabsPlan, smallerPlans } from './plan.ts'
import { playTabs } from './scenario.ts'

export const { playSeed, simulate } = createSimulation({
  name: 'tabs',
  kept,
  draw: drawTabsPlan,
  play: playTabs,
  smaller: smallerPlans,
})
