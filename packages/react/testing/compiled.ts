/** A vite plugin that lets the React Compiler compile the package and the components of its tests. */
import { transformAsync } from '@babel/core'
import compiler from 'babel-plugin-react-compiler'

export const reactCompiler = () => ({
  name: 'react-compiler',
  enforce: 'pre' as const,
  async transform(code: string, id: string) {
    if (!/\/packages\/react\/src\/[^?]*\.tsx?$/.test(id)) return undefined
    const result = await transformAsync(code, {
      filename: id,
      configFile: false,
      babelrc: false,
      sourceMaps: true,
      parserOpts: { plugins: ['typescript', 'jsx'] },
      plugins: [compiler],
    })
    return { code: result?.code ?? code, map: result?.map }
  },
})
