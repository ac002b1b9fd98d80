/** Browser tests: a real Chromium against the built page and the real server. */
import { defineConfig } from '@playwright/test'
import { ensureChromium } from './chromium.mjs'

export default defineConfig({
  testDir: '../test/browser',
  testMatch: '**/*.spec.ts',
  outputDir: '../test-results',
  fullyParallel: false,
  // One at a time: software WebGL fills both cores of the smallest machine we promise to run on.
  workers: 1,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  retries: 0,
  reporter: [['list']],
  globalSetup: './build-once.mjs',
  use: {
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: ensureChromium(),
      args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
    },
  },
})
