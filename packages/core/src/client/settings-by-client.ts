/** The settings of each client, for what stands beside it: the time and the chance that it was given. */
import type { Settings } from '../task/settings.ts'

export const settingsByClient: WeakMap<object, Settings> = new WeakMap<object, Settings>()
