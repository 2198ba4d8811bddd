import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    browser: 'src/browser.ts',
    encryption: 'src/encryption.ts',
    lean: 'src/lean.ts',
    'lean-browser': 'src/lean-browser.ts',
    protocol: 'src/protocol.ts',
    testing: 'src/testing.ts',
    webhook: 'src/webhook.ts',
  },
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  // Members marked @internal are no part of the public types.
  // The name of `Symbol.dispose`, whatever `lib` the application has.
  dts: { compilerOptions: { stripInternal: true }, banner: '/// <reference lib="esnext.disposable" />' },
  clean: true,
})
