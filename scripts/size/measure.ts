/** The size of bundles, in bytes, minified and gzipped. */
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type BuildResult, build } from 'esbuild'
import { peers, type Story, stories } from './stories.ts'

export interface Size {
  readonly title: string
  /** Of our own code; a peer has none. */
  readonly own?: number
  readonly whole: number
  readonly budget?: Story['budget']
}

const root = join(import.meta.dirname, '../..')
const APPLICATION = ['react', 'rxjs']
const DEPENDENCIES = ['ky', 'valibot', 'hono', 'jose']

/** All stories, with the packages as they are found from `folder`, and the peers beside them. */
export async function measure(folder: string = root, conditions: string[] = []): Promise<Size[]> {
  const ours = stories.map(async ({ title, code, budget }) => {
    const own = await gzipped(code, folder, conditions, [...APPLICATION, ...DEPENDENCIES])
    return { title, own, whole: await gzipped(code, folder, conditions, APPLICATION), budget }
  })
  const theirs = peers.map(async ({ title, code }) => ({ title, whole: await gzipped(code, root, [], []) }))
  return Promise.all([...ours, ...theirs])
}

export const isOverBudget = ({ own = 0, whole, budget }: Size): boolean =>
  budget !== undefined && (own > budget.own || whole > budget.whole)

async function gzipped(code: string, folder: string, conditions: string[], external: string[]): Promise<number> {
  const { outputFiles } = await bundle(code, folder, conditions, external)
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length
}

export function bundle(
  contents: string,
  resolveDir: string,
  conditions: string[],
  external: string[],
): Promise<BuildResult<{ metafile: true; write: false }>> {
  return build({
    stdin: { contents, resolveDir, loader: 'js' },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'error',
    metafile: true,
    write: false,
    conditions,
    external,
  })
}
