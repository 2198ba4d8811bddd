import { fromTask, recoverTasks, submitTransaction, toTransaction } from '@async-transaction/rxjs'
import { firstValueFrom, mergeMap, of } from 'rxjs'
import { client, openShop, order } from './shop.ts'

await firstValueFrom(of(order()).pipe(submitTransaction(client, 'payments'))) // taken, and the page is reloaded

recoverTasks(openShop())
  .pipe(mergeMap(fromTask), toTransaction())
  .subscribe(({ status }) => console.log(status))
// successful
