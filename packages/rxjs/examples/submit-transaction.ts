import { distinctStatus, submitTransaction } from '@async-transaction/rxjs'
import { map, Subject } from 'rxjs'
import { client, order } from './shop.ts'

const clicks = new Subject<void>()
clicks
  .pipe(
    map(() => order()),
    submitTransaction(client, 'payments'),
    distinctStatus(),
  )
  .subscribe(({ status }) => console.log(status))

clicks.next()
clicks.next() // a double click
// processing
// completed
// result
