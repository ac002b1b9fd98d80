/** The first seconds of a visit: what is read stands before the map, nothing jumps, and a second visit begins with what the first saw. */
import { sentence, tile } from './monitor-page.ts'
import { expect, test, type Page } from './shared-server.ts'

/** "Good" is 0.1 (web.dev/cls); half of it is ours. */
const MOST_SHIFT = 0.05

declare global {
  interface Window {
    shifts: { readonly atMs: number; readonly by: number }[]
  }
}

test('sentence and tiles before the map, nothing jumps, and last values before any server answers', async ({ page, server }) => {
  await page.addInitScript(() => {
    window.shifts = []
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if ('value' in entry && entry['hadRecentInput' as keyof typeof entry] !== true) window.shifts.push({ atMs: entry.startTime, by: Number(entry.value) })
    }).observe({ type: 'layout-shift', buffered: true })
  })
  let letMapCome = (): void => {}
  const isAsked = new Promise<void>((resolve) => (letMapCome = resolve))
  await page.route(/\/assets\/map-stage[^/]*\.js$/, async (route) => {
    await isAsked
    await route.continue()
  })
  await page.goto(`${server.url}/city/porto`)
  await expect(sentence(page)).toContainText(/sensors are fresh/)
  await expect(tile(page, 'Noise')).toContainText('dB(A)')
  await expect(page.locator('canvas')).toHaveCount(0)
  letMapCome()
  await expect(page.locator('canvas').first()).toBeVisible()
  await expect.poll(() => citiesKept(page), { timeout: 45_000 }).toEqual(['porto'])
  expect(await layoutShift(page)).toBeLessThanOrEqual(MOST_SHIFT)

  // The page is there, as from a cache, and of the city nobody says anything.
  await page.route('**/api/cities/**', () => {})
  await page.reload()
  await expect(sentence(page)).toContainText(/Porto: last values of \d\d:\d\d shown/)
  await expect(tile(page, 'Noise')).toContainText('dB(A)')
  await page.unrouteAll({ behavior: 'ignoreErrors' })
})

/** Cumulative layout shift as browsers report it: the worst run of shifts, each within a second of the one before and five in all. */
async function layoutShift(page: Page): Promise<number> {
  const shifts = await page.evaluate(() => window.shifts)
  let worst = 0
  let run = { firstMs: -Infinity, lastMs: -Infinity, sum: 0 }
  for (const { atMs, by } of shifts) {
    run = atMs - run.lastMs < 1_000 && atMs - run.firstMs < 5_000 ? { ...run, lastMs: atMs, sum: run.sum + by } : { firstMs: atMs, lastMs: atMs, sum: by }
    worst = Math.max(worst, run.sum)
  }
  return worst
}

async function citiesKept(page: Page): Promise<IDBValidKey[]> {
  return page.evaluate(
    () =>
      new Promise<IDBValidKey[]>((resolve, reject) => {
        const opening = indexedDB.open('belvedere')
        opening.addEventListener('error', () => reject(new Error('no data base')))
        opening.addEventListener('success', () => {
          const { result: base } = opening
          if (!base.objectStoreNames.contains('last-values')) return resolve([])
          const asked = base.transaction('last-values').objectStore('last-values').getAllKeys()
          asked.addEventListener('success', () => {
            base.close()
            resolve(asked.result)
          })
        })
      }),
  )
}
