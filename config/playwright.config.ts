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
    // Software draws every pixel of the map: what is about layout asks for its own size.
    viewport: { width: 1280, height: 720 },
    // Without pictures and snapshots of each action, which cost more than the action: a failure has its own picture and the page's text.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: false },
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: ensureChromium(),
      args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
    },
  },
})
