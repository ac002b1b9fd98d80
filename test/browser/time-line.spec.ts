/** The time line: the city follows the hand, rests where the hand rests, and is never taken for live. */
import { rows, sentence, tile, watch } from './monitor-page.ts'
import { expect, test, type Page } from './shared-server.ts'

const line = (page: Page) => page.getByRole('slider', { name: 'Time shown, over 24 hours' })
const banner = (page: Page) => page.getByRole('banner')

/** What the page says of the instant: every tile, and the list. */
async function picture(page: Page): Promise<string> {
  await expect(page.getByRole('region', { name: 'Layers' })).not.toContainText('Reading…')
  const tiles = await page.getByRole('region', { name: 'Layers' }).innerText()
  const list = await rows(page).allInnerTexts()
  return [tiles, ...list].join('\n')
}

async function drag(page: Page, shares: readonly number[], pauseMs: number): Promise<void> {
  // Waits until the line stands still: what the page has to say above it takes its lines first.
  await line(page).scrollIntoViewIfNeeded()
  await line(page).hover()
  const box = (await line(page).boundingBox())!
  const at = (share: number): readonly [number, number] => [box.x + 8 + (box.width - 16) * share, box.y + box.height / 2]
  await page.mouse.down()
  for (const share of shares) {
    await page.mouse.move(...at(share))
    if (pauseMs > 0) await page.waitForTimeout(pauseMs)
  }
}

test('dragged slowly and quickly, the city follows; at rest it is what the link of that instant shows', async ({ page, context, server }) => {
  test.slow()
  const complaints = watch(page)
  await page.goto(`${server.url}/city/porto?list=all`)
  await expect(sentence(page)).toContainText(/(\d+) of \1 layers report/)

  await drag(page, [0.98, 0.95, 0.9, 0.85, 0.8], 400)
  // Held still, with the button down: history already, and complete where the hand is.
  await expect(banner(page)).toContainText('history')
  await expect(sentence(page)).toContainText('Porto as it was on')
  await expect(tile(page, 'Noise')).toContainText('dB(A)')
  await page.mouse.up()
  await expect(page).toHaveURL(/t=/)
  const first = page.url()
  // What was said of one instant may take another line than "Reading …": the time line moves with it.
  await expect(sentence(page)).toContainText('Porto as it was on')

  // To and fro over the whole day, as fast as a mouse reports.
  const sweep = Array.from({ length: 40 }, (_, index) => 0.5 + 0.45 * Math.sin(index / 3))
  await drag(page, sweep, 0)
  await page.mouse.up()
  await expect(page).not.toHaveURL(first)
  await expect(page).toHaveURL(/t=/)
  await expect(sentence(page)).toContainText('Porto as it was on')
  const link = page.url()
  expect(await picture(page)).toContain('dB(A)')

  const fresh = await context.newPage()
  await fresh.goto(link)
  await expect(sentence(fresh)).toContainText('Porto as it was on')
  // What is usual for the hour comes to both when it has been read: the one that was dragged may not have it yet.
  await expect(async () => expect(await picture(fresh)).toBe(await picture(page))).toPass({ timeout: 90_000 })
  await fresh.close()

  await page.keyboard.press('n')
  await expect(banner(page)).toContainText('live')
  await expect(banner(page)).not.toContainText('history')
  await expect(sentence(page)).toContainText(/(\d+) of \1 layers report/)
  expect(complaints).toEqual([])
})

test('what has been read is there at once, without a question to the broker', async ({ page, server }) => {
  test.slow()
  // Whole hours by layer: usual bands and windows are asked for by other spans.
  const hours = new Set<string>()
  page.on('requestfinished', (request) => {
    const { pathname, searchParams } = new URL(request.url())
    const since = searchParams.get('timeAt') ?? ''
    if (pathname.includes('/temporal/') && since.endsWith(':59:59.999Z') && Date.now() - Date.parse(since) < 24 * 3_600_000) hours.add(`${searchParams.get('type')} ${since}`)
  })
  await page.goto(`${server.url}/city/porto?list=all`)
  await expect(sentence(page)).toContainText(/(\d+) of \1 layers report/)
  await page.getByRole('button', { name: 'One hour earlier' }).click()
  await expect(sentence(page)).toContainText('Porto as it was on')
  // The rest of the day is read beside it, the nearest first: seven layers, ten hours.
  await expect.poll(() => hours.size, { timeout: 90_000 }).toBeGreaterThan(7 * 10)
  await page.context().route('**/temporal/**', (route) => route.abort())
  await line(page).focus()
  for (let step = 0; step < 12; step++) {
    await page.keyboard.press('ArrowLeft')
    await expect(tile(page, 'Noise')).toContainText('dB(A)')
    await expect(sentence(page)).not.toContainText('could not be read')
  }
  const quarter = new URL(page.url()).searchParams.get('t')!
  expect(Date.parse(quarter) % 900_000).toBe(0)
  await page.keyboard.press('Shift+ArrowRight')
  await expect(banner(page)).toContainText('live')
})
