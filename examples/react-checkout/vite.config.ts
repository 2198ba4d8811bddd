import react from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  build: {
    // What knows `light-dark()`, which is kept as it is then.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // React's development mode, which the tests build too, is larger than what is warned of.
    chunkSizeWarningLimit: 2000,
  },
  resolve: {
    // Inside this repository the packages are taken from their sources; a shop of its own needs neither line.
    conditions: ['@async-transaction/source', ...defaultClientConditions],
    dedupe: ['react', 'react-dom', '@async-transaction/core'],
  },
})
