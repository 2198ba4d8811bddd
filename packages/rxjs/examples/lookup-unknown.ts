import { lookupUnknown, submitTransaction, toTransaction } from '@async-transaction/rxjs'
import { of, retry } from 'rxjs'
import { client, order } from './shop.ts'

of(order()) // the gateway forgets this task, and the five lookups of the payment itself fail
  .pipe(submitTransaction(client, 'payments'), lookupUnknown(client), toTransaction(), retry({ count: 5, delay: 100 }))
  .subscribe(({ status }) => console.log(status))
// successful
