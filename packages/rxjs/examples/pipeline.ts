import type { Client, TaskState } from '@async-transaction/core'
import {
  followIncomplete,
  fromTask,
  lookupUnknown,
  recoverTasks,
  submitTransaction,
  toTransaction,
} from '@async-transaction/rxjs'
import { firstValueFrom, mergeMap, type Observable, of } from 'rxjs'
import { client, openShop, order } from './shop.ts'

const toOutcome = (client: Client) => (states: Observable<TaskState>) =>
  states.pipe(lookupUnknown(client), toTransaction(), followIncomplete(client))

const paid = of(order('4012000000001097')).pipe(submitTransaction(client, 'payments'), toOutcome(client))
const { status, redirect_url: bank } = await firstValueFrom(paid)
console.log(status)

await fetch(`${bank}`, { method: 'POST', body: new URLSearchParams({ decision: 'confirm' }), redirect: 'manual' })
const after = openShop() // the customer agreed at their bank, and the page is loaded anew
recoverTasks(after, { trackingId: 'order-17' })
  .pipe(mergeMap(fromTask), toOutcome(after))
  .subscribe((transaction) => console.log(transaction.status))
// incomplete
// incomplete
// successful
