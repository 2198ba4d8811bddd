/** Whether a task that is polled for ever grows. */
import { type Effort, US } from '../effort.ts'
import { atMost, digits, type Figure } from '../results.ts'
import { firstOf, interleaved, rowsOf } from '../rounds.ts'

interface Growth {
  readonly grownBytes: number
  readonly listeners: number
  readonly mostListeners: number
  readonly warnings: number
}

export async function growth({ growing, growthPolls, tolerance }: Effort): Promise<readonly Figure[]> {
  const rounds = await interleaved<Growth>(1, growing, 'growth', growthPolls)
  const unit = 'MB'
  const { grownBytes, listeners, mostListeners, warnings } = firstOf(rounds, US)
  const megabytes = grownBytes / 1e6
  return [
    {
      id: 'growth',
      title: `Growth over ${growthPolls.toLocaleString('en')} polls of one task`,
      method:
        'Heap after a garbage collection, with nothing under way, over the heap after 20,000 polls before; one signal could stop the task at any time.',
      unit,
      rows: await rowsOf(rounds, unit, ({ grownBytes }) => grownBytes / 1e6),
      targets: [
        atMost('at most 0.5 MB', megabytes, 0.5 * tolerance, `${digits(megabytes)} MB`),
        atMost('no listener left', listeners, 0, `${listeners}, at most ${mostListeners} on the way`),
        atMost('no warning', warnings, 0, `${warnings}`),
      ],
    },
  ]
}
