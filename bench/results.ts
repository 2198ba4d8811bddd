/** What a run of the benchmarks came to: what `--json` writes, and what tables, charts and the README are made of. */
import type { Spread } from './spread.ts'

export interface Results {
  readonly node: string
  readonly processor: string
  readonly figures: readonly Figure[]
}

export interface Figure {
  readonly id: string
  readonly title: string
  /** How it was measured, in a sentence or two. */
  readonly method: string
  readonly unit: string
  readonly rows: readonly Row[]
  readonly targets: readonly Target[]
}

export interface Row {
  readonly name: string
  /** Of this library, and not of a peer. */
  readonly ours?: boolean
  /** By column; a figure with one column calls it by its unit. */
  readonly values: Readonly<Record<string, Spread>>
  /** To the reference of the figure. */
  readonly ratio?: Spread
}

export interface Target {
  readonly text: string
  readonly measured: string
  readonly holds: boolean
}

export const atMost = (text: string, value: number, most: number, measured: string): Target => ({
  text,
  measured,
  holds: value <= most,
})

/** Two significant digits more than are meant. */
export const digits = (value: number): string =>
  Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2)

export const shown = ({ median, min, max }: Spread): string =>
  min === max ? digits(median) : `${digits(median)} (${digits(min)}–${digits(max)})`

/** In the order in which they come up. */
export const columnsOf = (rows: readonly Row[]): string[] => [
  ...new Set(rows.flatMap(({ values }) => Object.keys(values))),
]

/** A figure as a table of Markdown. */
export function tableOf({ rows, unit }: Figure): string {
  const columns = columnsOf(rows)
  const ratios = rows.some(({ ratio }) => ratio)
  // With one column, that is called by its unit.
  const heads = [columns.length > 1 ? unit : '', ...columns, ...(ratios ? ['ratio'] : [])]
  const lines = rows.map(({ name, values, ratio }) => [
    name,
    ...columns.map((column) => (values[column] ? shown(values[column]) : '')),
    ...(ratios ? [ratio ? shown(ratio) : ''] : []),
  ])
  return aligned([heads, heads.map(() => '-'), ...lines])
}

/** As the formatter of Markdown would have it: columns of one width. */
export function aligned(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(3, ...lines.map((line) => line[column]?.length ?? 0)))
  return lines
    .map((line) => {
      const cells = line.map((cell, column) =>
        cell === '-' ? '-'.repeat(widths[column] ?? 3) : cell.padEnd(widths[column] ?? 3),
      )
      return `| ${cells.join(' | ')} |`
    })
    .join('\n')
}
