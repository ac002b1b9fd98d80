/**
 * A tab that nobody sees: nothing is drawn in it and no frames are made for it, and when it is shown it has the
 * newest state. A browser without a screen has no tab to put behind another: the page is told as a browser would tell it.
 */
import { sentence, watch } from './monitor-page.ts'
import { setHidden } from './visibility.ts'
import { expect, test, type Page } from './shared-server.ts'

declare global {
  interface Window {
    heard: { frames: number; beats: number; newestMs: number }
  }
}

test('no frame is made for a hidden page, and it catches up when it is shown', async ({ page, server }) => {
  // Five simulated cities come to life first, on whatever machine this is.
  test.setTimeout(180_000)
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
  await expect(sentence(page)).toContainText(/(\d+) of \1 layers report/, { timeout: 90_000 })

  const layers = await page.getByRole('region', { name: 'Layers' }).locator('button[aria-pressed]').count()
  const { frames } = await heard(page)
  await setHidden(page, true)
  // What the panels were about to say is said; the worker's beats, one every other second, measure the time.
  await afterBeats(page, 2)
  const hidden = { ...(await heard(page)), text: await said(page) }
  await afterBeats(page, 6)
  const still = { ...(await heard(page)), text: await said(page) }
  // One of each layer waits for the page, and nothing is made behind it; seen, each would have had three at least.
  expect(still.frames - frames).toBeLessThanOrEqual(layers)
  expect(still.text).toBe(hidden.text)

  await setHidden(page, false)
  // Made after the page was hidden, and a worker's clock moves on: no older frame passes for the newest.
  await expect.poll(() => page.evaluate(() => window.heard.newestMs)).toBeGreaterThan(hidden.newestMs + 4_000)
  await expect(sentence(page)).toContainText(/(\d+) of \1 layers report/)
  await expect.poll(() => said(page)).not.toBe(hidden.text)
  expect(complaints).toEqual([])
})

function heard(page: Page): Promise<Window['heard']> {
  return page.evaluate(() => ({ ...window.heard }))
}

/** Clock, values and ages: all that moves by itself. */
async function said(page: Page): Promise<string> {
  return `${await page.getByRole('banner').innerText()} ${await page.getByRole('region', { name: 'Layers' }).innerText()}`
}

async function afterBeats(page: Page, beats: number): Promise<void> {
  const before = await page.evaluate(() => window.heard.beats)
  await expect.poll(() => page.evaluate(() => window.heard.beats), { timeout: 30_000 }).toBeGreaterThanOrEqual(before + beats)
}
