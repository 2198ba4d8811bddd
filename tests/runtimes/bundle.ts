/** The contract as one file for a runtime, over the built packages. */
import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'

/** What stays an import: the packages, for runtimes that resolve them as a consumer's would; or nothing. */
export type Packages = 'external' | 'bundle'

export async function bundle(entry: string, packages: Packages, define: Record<string, string> = {}): Promise<string> {
  const outfile = join(import.meta.dirname, 'dist', `${entry}.js`)
  await build({
    entryPoints: [join(import.meta.dirname, 'in-runtime', `${entry}.ts`)],
    outfile,
    bundle: true,
    packages,
    format: 'esm',
    target: 'es2022',
    define,
    plugins: [fresh],
    logLevel: 'error',
  })
  return outfile
}

/**
 * `fresh:name` is a function that evaluates all of that package anew: in which order two packages are loaded is then a
 * matter of calls, on runtimes too that load a module only once and evaluate no text.
 */
const fresh: Plugin = {
  name: 'fresh',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^fresh:/ }, ({ path }) => ({ path: path.slice('fresh:'.length), namespace: 'fresh' }))
    onLoad({ filter: /./, namespace: 'fresh' }, async ({ path }) => {
      const { outputFiles } = await build({
        stdin: { contents: `export * from '${path}'`, resolveDir: import.meta.dirname },
        bundle: true,
        format: 'iife',
        globalName: 'made',
        target: 'es2022',
        write: false,
        logLevel: 'error',
      })
      return { contents: `export default () => {\n${outputFiles[0]?.text}\nreturn made\n}` }
    })
  },
}
