/** The page's build, the development server, and the unit and integration tests. */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [react()],
  build: { outDir: 'dist/page', target: 'es2024', emptyOutDir: true, chunkSizeWarningLimit: 1200, manifest: true },
  worker: { format: 'es' },
  server: { proxy: {} },
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'test/*.test.ts', 'test/integration/**/*.test.ts'],
    testTimeout: 20_000,
    // Files share what they import: importing it anew for each took longer than the tests.
    // So a test that stubs a global, or fakes the timers, puts them back.
    isolate: false,
    maxWorkers: 2,
  },
})
