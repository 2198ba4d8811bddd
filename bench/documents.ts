/** What the documentation shows of the last full run, made of `results.json` alone, so that a test can compare. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chartOf } from './chart.ts'
import { aligned, type Results, tableOf } from './results.ts'

const BEGIN = '<!-- figures: npm run bench -- --charts -->'
const END = '<!-- /figures -->'

/** Every file, by its path under `root`, with the text it has to have. */
export function documents(root: string): [file: string, text: string][] {
  const read = (file: string): string => readFileSync(join(root, file), 'utf8')
  const results: Results = JSON.parse(read('bench/results.json'))
  return [
    ['README.md', withFigures(read('README.md'), shortTable(results))],
    ['docs/figures.md', page(results)],
    ...results.figures.map((figure): [string, string] => [`docs/charts/${figure.id}.svg`, chartOf(figure)]),
  ]
}

function withFigures(readme: string, table: string): string {
  const from = readme.indexOf(BEGIN)
  const to = readme.indexOf(END)
  if (from < 0 || to < from) throw new Error(`README.md has no place for its figures: ${BEGIN} and ${END}`)
  return `${readme.slice(0, from + BEGIN.length)}\n\n${table}\n\n${readme.slice(to)}`
}

const shortTable = ({ figures }: Results): string =>
  aligned([
    ['figure', 'target', 'measured', 'holds'],
    ['-', '-', '-', '-'],
    ...figures.flatMap(({ title, targets }) =>
      targets.map(({ text, measured, holds }, index) => [index ? '' : title, text, measured, holds ? 'yes' : 'no']),
    ),
  ])

const page = ({ figures, node, processor }: Results): string =>
  `${[
    '# Figures',
    `Of the last full \`npm run bench\`, on Node ${node}, ${processor}. In brackets the least and the most of the rounds.`,
    ...figures.flatMap((figure) => [
      `## ${figure.title}`,
      figure.method,
      `![${figure.title}](charts/${figure.id}.svg)`,
      tableOf(figure),
      ...(figure.targets.length
        ? [
            figure.targets
              .map(({ text, measured, holds }) => `- ${text}: ${measured}. ${holds ? 'Holds.' : 'Does not hold.'}`)
              .join('\n'),
          ]
        : []),
    ]),
  ].join('\n\n')}\n`
