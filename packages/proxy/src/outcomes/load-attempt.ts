import type { KnownAttempt } from './attempt-status.ts'
import type { RecordStore } from './record-store.ts'
import { type IntentRecord, keyOf, type OrderAttempt, type TaskRecord } from './records.ts'

/** Everything that the store knows of an attempt. */
export async function loadAttempt(records: RecordStore, entry: OrderAttempt): Promise<KnownAttempt> {
  const intent = await records.get<IntentRecord>(keyOf('intent', entry.intentKey))
  const { request_id: id } = (intent?.answer?.body ?? {}) as { readonly request_id?: string }
  return { entry, intent, task: id === undefined ? undefined : await records.get<TaskRecord>(keyOf('task', id)) }
}
