/** The table of sizes in the README: between two marks that are not shown, so that it can be replaced. */
import type { Size } from './measure.ts'

const TABLE = /(?<=<!-- sizes -->\n\n).*?(?=\n\n<!-- end of sizes -->)/s

export const tableIn = (readme: string): string => TABLE.exec(readme)?.[0] ?? ''

export const withTable = (readme: string, sizes: readonly Size[]): string => readme.replace(TABLE, tableOf(sizes))

/** Aligned as the formatter has it in the other tables. */
function tableOf(sizes: readonly Size[]): string {
  const cells = [
    ['minified and gzipped', 'our code', 'in all'],
    ...sizes.map(({ title, own, whole }) => [title, own === undefined ? '' : kilobytes(own), kilobytes(whole)]),
  ]
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  const line = (row: string[]): string => `| ${row.map((cell, column) => pad(cell, column, widths)).join(' | ')} |`
  const [head = [], ...rows] = cells
  const rule = `| ${'-'.repeat(widths[0] ?? 0)} | ${'-'.repeat((widths[1] ?? 0) - 1)}: | ${'-'.repeat((widths[2] ?? 0) - 1)}: |`
  return [line(head), rule, ...rows.map(line)].join('\n')
}

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`

const pad = (cell: string, column: number, widths: number[]): string =>
  column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)
