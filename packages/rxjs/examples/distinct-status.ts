import { distinctStatus, fromTask } from '@async-transaction/rxjs'
import { client, order } from './shop.ts'

fromTask(client.submit('payments', order()))
  .pipe(distinctStatus())
  .subscribe(({ status }) => console.log(status))
// processing
// completed
// result
