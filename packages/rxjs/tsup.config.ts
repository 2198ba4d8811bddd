import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { index: 'src/index.ts', angular: 'src/angular/index.ts' },
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  dts: true,
  clean: true,
})
