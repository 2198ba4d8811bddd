import { fromTask } from '@async-transaction/rxjs'
import { filter, firstValueFrom } from 'rxjs'
import { client, order } from './shop.ts'

const task = client.submit('payments', order())
const taken = await firstValueFrom(fromTask(task))
console.log(taken.status)
const { status } = await firstValueFrom(fromTask(task).pipe(filter((state) => state.status === 'completed')))
console.log(status)
// processing
// completed
