import { submitTransaction, toTransaction } from '@async-transaction/rxjs'
import { of } from 'rxjs'
import { client, order } from './shop.ts'

of(order('4005550000000019'))
  .pipe(submitTransaction(client, 'payments'), toTransaction())
  .subscribe({
    next: ({ status }) => console.log(status), // a decline is a transaction
    error: ({ code, effect }) => console.log(code, effect), // effect 'unknown': do not offer to pay again
  })
// failed
