import { settled, submitTransaction } from '@async-transaction/rxjs'
import { of } from 'rxjs'
import { client, order } from './shop.ts'

of(order())
  .pipe(submitTransaction(client, 'payments'), settled())
  .subscribe((state) => console.log(state.status))
// result
