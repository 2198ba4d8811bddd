/** How soon a schedule hears that a task is done, and what it learns. Nothing is sent, and chance is seeded: the same figures anywhere. */
import { models } from '../completion-times.ts'
import { LEARNED, learningCurve, type NoticeDelay, noticeDelay, shifts, WINDOW } from '../notice-delay.ts'
import { atMost, type Figure, type Row } from '../results.ts'
import { spreadOf } from '../spread.ts'

const unit = '× the optimum'

export async function schedules(): Promise<readonly Figure[]> {
  const curve = await learningCurve()
  const learned = curve.filter(({ observations }) => observations === LEARNED)
  const rows: NoticeDelay[] = learned.map((each) => ({ ...each, schedule: `adaptiveSchedule, after ${LEARNED}` }))
  rows.push(...noticeDelay())
  const shifted = await shifts()
  return [
    {
      id: 'notice',
      title: 'From completion to notice',
      method:
        'The mean time that a task which is done waits for the question that notices it, over the least that any schedule can have which knows the distribution and asks as often. The models are those of `bench/completion-times.ts`.',
      unit,
      rows: rowsBy(rows, ({ schedule }) => schedule),
      targets: [
        below('sqrtSchedule, the mean of the models: at most 1.30', 1.3, meanOf(rows, 'sqrtSchedule'), '×'),
        below(
          `adaptiveSchedule, each model after ${LEARNED} tasks: at most 1.10`,
          1.1,
          worst(learned, ({ ratio }) => ratio),
        ),
      ],
    },
    {
      id: 'learning',
      title: 'adaptiveSchedule while it learns',
      method: 'The same, by how many tasks it has seen: the mean of five that learned for themselves.',
      unit,
      rows: rowsBy(curve, ({ observations }) => `after ${observations} tasks`),
      targets: [
        below(
          'never over 1.05× the default',
          1.05,
          worst(curve, ({ toDefault }) => toDefault),
          '× the default at worst',
        ),
      ],
    },
    {
      id: 'shift',
      title: 'adaptiveSchedule when the distribution shifts',
      method: `The same, as the mean of the first ${WINDOW} tasks after it had learned ${LEARNED} of another model.`,
      unit,
      rows: rowsBy(shifted, ({ from }) => `after ${from}`),
      targets: [
        below(
          'at most 1.30',
          1.3,
          worst(shifted, ({ ratio }) => ratio),
        ),
      ],
    },
  ]
}

const below = (text: string, most: number, measured: number, words = '× at worst') =>
  atMost(text, measured, most, `${measured.toFixed(2)}${words}`)

/** A column for each model. */
function rowsBy<T extends NoticeDelay>(all: readonly T[], nameOf: (each: T) => string): Row[] {
  return [...new Set(all.map(nameOf))].map((name) => ({
    name,
    ...(/Schedule|^after/.test(name) && { ours: true }),
    values: Object.fromEntries(
      models.flatMap((model) => {
        const each = all.find((one) => nameOf(one) === name && one.model === model.name)
        return each ? [[model.name, spreadOf([each.ratio])]] : []
      }),
    ),
  }))
}

const worst = <T>(all: readonly T[], of: (each: T) => number): number => Math.max(...all.map(of))

function meanOf(rows: readonly NoticeDelay[], name: string): number {
  const ratios = rows.filter(({ schedule }) => schedule === name).map(({ ratio }) => ratio)
  return ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length
}
