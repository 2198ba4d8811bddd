/** What a bundle costs, by what somebody wants to do. */
import { join } from 'node:path'
import { measure } from '../../scripts/size/measure.ts'
import { atMost, digits, type Figure } from '../results.ts'
import { spreadOf } from '../spread.ts'

const ROOT = join(import.meta.dirname, '../..')
/** Of a page that submits and observes, with ky and valibot. */
const MOST_KB = 14.2

export async function bundleSize(): Promise<readonly Figure[]> {
  const sizes = await measure(ROOT, ['@async-transaction/source'])
  const kilobytes = (bytes: number) => spreadOf([bytes / 1000])
  const first = (sizes[0]?.whole ?? 0) / 1000
  return [
    {
      id: 'size',
      title: 'Bundle size, by user story',
      method:
        'Bundled by esbuild, minified and gzipped; React and RxJS are the application’s own, and counted only where a pipeline is written by hand.',
      unit: 'kB',
      rows: sizes.map(({ title, own, whole }) => ({
        name: title,
        ...(own !== undefined && { ours: true }),
        values: { 'in all': kilobytes(whole), ...(own !== undefined && { 'our code': kilobytes(own) }) },
      })),
      targets: [atMost(`core with ky and valibot: at most ${MOST_KB} kB`, first, MOST_KB, `${digits(first)} kB`)],
    },
  ]
}
