import { distinctStatus, fromTask, noticeAfter } from '@async-transaction/rxjs'
import { client, order } from './shop.ts'

fromTask(client.submit('payments', order())) // the acknowledgement takes 600 ms here
  .pipe(distinctStatus(), noticeAfter(200, { status: 'still sending' }))
  .subscribe(({ status }) => console.log(status))
// still sending
// processing
// completed
// result
