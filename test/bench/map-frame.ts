/**
 * What a frame costs the page's thread: the map in a real Chromium, five in a hundred sensors changed.
 *
 * Script time by the browser's own account, in the thread's CPU time: what others do on the machine,
 * and how fast the (software) graphics draw, does not count.
 */
import { resolve } from 'node:path'
import type { AddressInfo } from 'node:net'
import { chromium, type CDPSession } from '@playwright/test'
import { build, preview } from 'vite'
import { ensureChromium } from '../../config/chromium.mjs'
import type { Figure } from './figure.ts'

const COUNTS = [10_000, 200_000, 1_000_000]
const FRAMES = 10

export async function measureMapFrames(): Promise<Figure[]> {
  const outDir = resolve(process.cwd(), 'dist/bench-map')
  const common = { root: resolve(process.cwd(), 'test/bench/map-frame'), configFile: false, publicDir: false, logLevel: 'error' } as const
  await build({ ...common, build: { outDir, emptyOutDir: true, target: 'es2023' } })
  const server = await preview({ ...common, build: { outDir }, preview: { port: 0, host: '127.0.0.1' } })
  const browser = await chromium.launch({ executablePath: ensureChromium(), args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'] })
  try {
    const page = await browser.newPage({ viewport: { width: 800, height: 600 } })
    await page.goto(`http://127.0.0.1:${(server.httpServer.address() as AddressInfo).port}/`)
    await page.waitForFunction(() => 'bench' in window)
    const session = await page.context().newCDPSession(page)
    await session.send('Performance.enable', { timeDomain: 'threadTicks' })
    const figures: Figure[] = []
    for (const count of COUNTS) {
      for (const named of [true, false]) {
        await page.evaluate(([count, named]) => window.bench.start(count, named), [count, named] as const)
        await page.evaluate(() => window.bench.draw(2))
        const before = await scriptMs(session)
        await page.evaluate((frames) => window.bench.draw(frames), FRAMES)
        const ms = ((await scriptMs(session)) - before) / FRAMES
        figures.push({ name: `map script a frame, ${count.toLocaleString('en')} sensors, 5 % changed, ${named ? 'rows named' : 'rows compared'}`, value: ms, unit: 'ms' })
      }
    }
    return figures
  } finally {
    await browser.close()
    await server.close()
  }
}

async function scriptMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  return 1_000 * (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? Number.NaN)
}
