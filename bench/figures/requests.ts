/** What a payment takes of the gateway. */
import type { ContestantName } from '../contestant.ts'
import { type Effort, US } from '../effort.ts'
import type { Figure } from '../results.ts'
import { firstOf, interleaved, rowsOf } from '../rounds.ts'

const DIRECT: ContestantName = 'async-transaction-result'

export async function requests({ contestants }: Effort): Promise<readonly Figure[]> {
  const rounds = await interleaved<{ readonly requests: number }>(1, [...contestants, DIRECT], 'requests')
  const unit = 'requests'
  const of = (name: ContestantName): number => firstOf(rounds, name).requests
  return [
    {
      id: 'requests',
      title: 'Requests per payment',
      method: 'For a task that is done at the first poll.',
      unit,
      rows: await rowsOf(rounds, unit, ({ requests }) => requests),
      targets: [
        { text: "3 with strategy 'status'", measured: `${of(US)}`, holds: of(US) === 3 },
        { text: "2 with strategy 'result'", measured: `${of(DIRECT)}`, holds: of(DIRECT) === 2 },
      ],
    },
  ]
}
