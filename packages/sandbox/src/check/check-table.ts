/** The findings as a table in Markdown: it can be read in a terminal, and sent as it is. */
import { assumptions, type Finding } from './finding.ts'

export function checkTable(findings: readonly Finding[]): string {
  const rows = findings.map(({ id, held, observed }) => {
    const [grade, text] = assumptions[id]
    return [held === undefined ? '?' : held ? 'yes' : 'NO', grade, id, text, observed]
  })
  const table = [['held', 'grade', 'id', 'assumption', 'observed'], ...rows]
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
  const lines = table.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`)
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  return [lines[0], rule, ...lines.slice(1)].join('\n')
}
