import { followIncomplete, submitTransaction, toTransaction } from '@async-transaction/rxjs'
import { of, tap } from 'rxjs'
import { client, order } from './shop.ts'

const visit = (url: string): void => {
  // The customer, at their bank.
  void fetch(url, { method: 'POST', body: new URLSearchParams({ decision: 'confirm' }), redirect: 'manual' })
}

of(order('4012000000001097'))
  .pipe(
    submitTransaction(client, 'payments'),
    toTransaction(),
    followIncomplete(client),
    tap(({ status, redirect_url: url }) => status === 'incomplete' && url && visit(url)),
  )
  .subscribe(({ status }) => console.log(status))
// incomplete
// successful
