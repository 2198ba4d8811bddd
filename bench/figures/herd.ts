/** Whether clients that start together ask together. */
import { frictionless } from '../completion-times.ts'
import { CLIENTS, type Herd, herds } from '../herd.ts'
import { atMost, type Figure } from '../results.ts'
import { spreadOf } from '../spread.ts'

export async function herd(): Promise<readonly Figure[]> {
  const rows = await herds()
  const alike = rows.filter(({ model }) => model === frictionless.name)
  const most = (some: readonly Herd[], of: (row: Herd) => number): number => Math.max(...some.map(of))
  // Those that are told when to ask, by an interval or a factor, are as they are told.
  const free = (some: readonly Herd[]): Herd[] => some.filter(({ schedule }) => /^(sqrt|adaptive)/.test(schedule))
  const peak = most(free(alike), ({ toAll }) => toAll)
  const around = most(free(rows), ({ toAround }) => toAround)
  return [
    {
      id: 'herd',
      title: `${CLIENTS.toLocaleString('en')} clients that start together`,
      method:
        'Questions in the busiest tenth of a second over the mean: of the time from 5 % to 95 % of all questions, where tasks take about as long (frictionless cards); and of the two seconds around, on any model, tasks that are never done included.',
      unit: '× the mean',
      rows: alike.map(({ schedule, toAll }) => ({
        name: schedule,
        ours: true,
        values: {
          'of 5 to 95 %': spreadOf([toAll]),
          'of two seconds around': spreadOf([
            most(
              rows.filter((row) => row.schedule === schedule),
              ({ toAround }) => toAround,
            ),
          ]),
        },
      })),
      targets: [
        atMost('sqrtSchedule and adaptiveSchedule, of 5 to 95 %: at most 2', peak, 2, `${peak.toFixed(2)}×`),
        atMost('of two seconds around: at most 2', around, 2, `${around.toFixed(2)}×`),
      ],
    },
  ]
}
