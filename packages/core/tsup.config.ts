import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts', 'src/browser.ts', 'src/encryption.ts', 'src/protocol.ts', 'src/testing.ts', 'src/webhook.ts'],
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  // Members marked @internal are no part of the public types.
  // The name of `Symbol.dispose`, whatever `lib` the application has.
  dts: { compilerOptions: { stripInternal: true }, banner: '/// <reference lib="esnext.disposable" />' },
  clean: true,
})
