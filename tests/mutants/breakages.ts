/** Ways to lose money, by what they break. */
import type { Breakage } from './breakages/breakage.ts'
import { client } from './breakages/client.ts'
import { concluding } from './breakages/concluding.ts'
import { encrypting } from './breakages/encrypting.ts'
import { following } from './breakages/following.ts'
import { pages } from './breakages/pages.ts'
import { charging } from './breakages/proxy/charging.ts'
import { confirming } from './breakages/proxy/confirming.ts'
import { guarding } from './breakages/proxy/guarding.ts'
import { leasing } from './breakages/proxy/leasing.ts'
import { reading } from './breakages/reading.ts'
import { remembering } from './breakages/remembering.ts'
import { sending } from './breakages/sending.ts'
import { timing } from './breakages/timing.ts'
import { webhooks } from './breakages/webhooks.ts'

export const breakages: readonly Breakage[] = [
  ...sending,
  ...reading,
  ...concluding,
  ...remembering,
  ...timing,
  ...pages,
  ...client,
  ...following,
  ...webhooks,
  ...encrypting,
  ...leasing,
  ...charging,
  ...confirming,
  ...guarding,
]
