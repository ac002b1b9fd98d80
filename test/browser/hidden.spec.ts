/**
 * A tab that nobody sees: nothing is drawn in it and no frames are made for it, and when it is shown it has the
 * newest state. A browser without a screen has no tab to put behind another: the page is told as a browser would tell it.
 */
import { expect, test, type Page } from '@playwright/test'
import { sentence, watch } from './monitor-page.ts'
import { startServer, type ServerUnderTest } from './server.ts'

declare global {
  interface Window {
    heard: { frames: number; beats: number; newestMs: number }
  }
}

let server: ServerUnderTest

test.beforeAll(async () => {
  server = await startServer()
})

test.afterAll(() => server.stop())

test('no frame is made for a hidden page, and it catches up when it is shown', async ({ page }) => {
  const complaints = watch(page)
  await page.addInitScript(() => {
    window.heard = { frames: 0, beats: 0, newestMs: 0 }
    const NativeWorker = Worker
    window.Worker = class extends NativeWorker {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options)
        this.addEventListener('message', ({ data }: MessageEvent<{ readonly type?: string; readonly frame?: { readonly atMs: number } }>) => {
          if (data?.type === 'beat') window.heard.beats += 1
          if (data?.frame === undefined) return
          window.heard.frames += 1
          window.heard.newestMs = Math.max(window.heard.newestMs, data.frame.atMs)
        })
      }
    }
  })
  await page.goto(`${server.url}/city/porto`)
  await expect(sentence(page)).toContainText(/(\d+) of \1 layers report/)

  await setHidden(page, true)
  // Those that were on their way: one for each layer, which wait for the page. The worker's beats measure the time.
  await afterBeats(page, 2)
  const hidden = await page.evaluate(() => ({ ...window.heard, text: document.body.innerText }))
  await afterBeats(page, 3)
  const still = await page.evaluate(() => ({ ...window.heard, text: document.body.innerText }))
  expect(still.frames).toBe(hidden.frames)
  expect(still.text).toBe(hidden.text)

  await setHidden(page, false)
  // Made after the page was hidden, and a worker's clock moves on: no older frame passes for the newest.
  await expect.poll(() => page.evaluate(() => window.heard.newestMs)).toBeGreaterThan(hidden.newestMs + 4_000)
  await expect(sentence(page)).toContainText(/(\d+) of \1 layers report/)
  await expect.poll(() => page.evaluate(() => document.body.innerText)).not.toBe(hidden.text)
  expect(complaints).toEqual([])
})

async function setHidden(page: Page, isHidden: boolean): Promise<void> {
  await page.evaluate((isHidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => isHidden })
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => (isHidden ? 'hidden' : 'visible') })
    document.dispatchEvent(new Event('visibilitychange'))
  }, isHidden)
}

async function afterBeats(page: Page, beats: number): Promise<void> {
  const before = await page.evaluate(() => window.heard.beats)
  await expect.poll(() => page.evaluate(() => window.heard.beats), { timeout: 30_000 }).toBeGreaterThanOrEqual(before + beats)
}
