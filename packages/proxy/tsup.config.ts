import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts', 'src/durable-object.ts', 'src/redis.ts'],
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  dts: true,
  clean: true,
})
