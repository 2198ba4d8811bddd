/** A figure as a picture: one bar for each row and column, with a line from the least to the most of the rounds. */
import { columnsOf, digits, type Figure } from './results.ts'

const WIDTH = 760
const LABEL = 260
const BAR = 18
const GAP = 6
const TOP = 44

export function chartOf({ title, unit, rows }: Figure): string {
  const columns = columnsOf(rows)
  const bars = rows.flatMap(({ name, ours, values }) =>
    columns.flatMap((column, index) => {
      const spread = values[column]
      return spread ? [{ name: index ? '' : name, ours, column, ...spread }] : []
    }),
  )
  const most = Math.max(...bars.map(({ max }) => max), 0) || 1
  const scale = (value: number): number => Math.max(0, (value / most) * (WIDTH - LABEL - 150))
  const height = TOP + bars.length * (BAR + GAP) + GAP
  const drawn = bars.map(({ name, ours, column, median, min, max }, index) => {
    const y = TOP + index * (BAR + GAP)
    const middle = y + BAR / 2
    const end = LABEL + scale(max)
    const label = columns.length > 1 ? `${digits(median)}, ${column}` : digits(median)
    return [
      `<text x="${LABEL - 10}" y="${middle + 4}" text-anchor="end">${escaped(name)}</text>`,
      `<rect x="${LABEL}" y="${y}" width="${scale(median).toFixed(1)}" height="${BAR}" fill="${ours ? '#1769c4' : '#8a94a3'}"/>`,
      ...(max > min
        ? [
            `<path d="M${(LABEL + scale(min)).toFixed(1)} ${middle}H${end.toFixed(1)}" stroke="#e08a00" stroke-width="2"/>`,
          ]
        : []),
      `<text x="${(end + 8).toFixed(1)}" y="${middle + 4}">${escaped(label)}</text>`,
    ].join('\n')
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escaped(title)}" font-family="system-ui, sans-serif" font-size="13" fill="#1d2430">
<rect width="${WIDTH}" height="${height}" fill="#fff"/>
<text x="10" y="24" font-size="15" font-weight="600">${escaped(`${title}, ${unit}`)}</text>
${drawn.join('\n')}
</svg>
`
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
