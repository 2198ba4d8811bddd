import { fromTask, toProgress } from '@async-transaction/rxjs'
import { distinctUntilChanged, first, tap } from 'rxjs'
import { client, order } from './shop.ts'

const bar = { value: -1, fell: false }
fromTask(client.submit('payments', order()))
  .pipe(
    toProgress({ expectedMs: 500 }),
    distinctUntilChanged(),
    tap((progress) => {
      bar.fell ||= progress < bar.value
      bar.value = progress
    }),
    first((progress) => progress === 1),
  )
  .subscribe(() => console.log(bar))
// { value: 1, fell: false }
