import { reportError } from '../lib/report-error.ts'
import type { ClientEvent } from './client-event.ts'
import type { Settings } from './settings.ts'

/** Tells `onEvent`. What it throws is reported, and hurts nothing. */
export function emit({ onEvent }: Pick<Settings, 'onEvent'>, event: ClientEvent): void {
  try {
    onEvent(event)
  } catch (error) {
    reportError(error)
  }
}
