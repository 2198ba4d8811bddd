import { defineConfig } from 'tsup'

export default defineConfig([
  { entry: ['src/index.ts'], format: 'esm', platform: 'neutral', target: 'es2022', dts: true },
  {
    entry: ['src/node.ts', 'src/bin.ts', 'src/check-bin.ts'],
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Without chunks the names of the files stay the same, so that no stale one is left behind in `dist`.
    splitting: false,
    dts: { entry: 'src/node.ts' },
  },
])
