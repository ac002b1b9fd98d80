/**
 * The Monitor screen as an official meets it: the built page, the real server with its embedded broker,
 * notifications over real HTTP, a real browser.
 */
import { expect, test } from '@playwright/test'
import { mapIsDrawn, mapOf, rows, sentence, tile, watch } from './monitor-page.ts'
import { changedPixels } from './pixels.ts'
import { startServer, type ServerUnderTest } from './server.ts'

let server: ServerUnderTest

test.beforeAll(async () => {
  server = await startServer()
})

test.afterAll(() => server.stop())

test('the first sentence stands before the map, and data comes within three seconds', async ({ page }) => {
  const complaints = watch(page)
  const startedAt = Date.now()
  await page.goto(`${server.url}/`)
  await expect(sentence(page)).toContainText(/(\d+) of \1 layers report/)
  const firstDataMs = Date.now() - startedAt
  test.info().annotations.push({ type: 'first data', description: `${firstDataMs} ms` })
  // A limit to notice a page that waits for something; the figure itself is measured, not promised, here.
  expect(firstDataMs).toBeLessThan(15_000)

  const order = await page.evaluate(() => {
    const summary = document.querySelector('h1')!
    const canvas = document.querySelector('[aria-label^="Map of"]')!
    return Boolean(summary.compareDocumentPosition(canvas) & Node.DOCUMENT_POSITION_FOLLOWING)
  })
  expect(order).toBe(true)
  await expect(page).toHaveURL(/\/city\/porto/)
  await expect(page.getByText('simulated', { exact: true }).first()).toBeVisible()
  expect(complaints).toEqual([])
})

test('every layer draws: pixels change where data is, and no two layers look alike', async ({ page }) => {
  await page.goto(`${server.url}/city/porto?list=all`)
  await expect(sentence(page)).toContainText(/(\d+) of \1 layers report/)
  await mapIsDrawn(page)
  // The same map at the same place, without the canvas that data is drawn on.
  const hidden = await page.addStyleTag({ content: '#deckgl-overlay { visibility: hidden }' })
  const without = await mapOf(page).screenshot()
  await hidden.evaluate((style) => (style as Element).remove())

  const tiles = page.getByRole('region', { name: 'Layers' }).locator('button[aria-pressed]')
  const layers = (await tiles.allInnerTexts()).map((text) => text.split('\n')[0]!.trim())
  expect(layers.length).toBeGreaterThanOrEqual(4)
  const seen = [without]
  for (const layer of layers) {
    await tile(page, layer).click()
    await expect(tile(page, layer)).toHaveAttribute('aria-pressed', 'true')
    await expect(page.getByRole('heading', { level: 2, name: new RegExp(`${layer} sensors`, 'i') })).toBeVisible()
    await mapIsDrawn(page)
    const drawn = await mapOf(page).screenshot()
    // Rain shows itself only while it rains: a dry city has twenty small grey points.
    for (const other of seen) expect(await changedPixels(page, other, drawn), `${layer} against what was drawn before`).toBeGreaterThan(150)
    seen.push(drawn)
  }
})

test('zoomed out, sensors become cells', async ({ page }) => {
  await page.goto(`${server.url}/city/porto`)
  await expect(rows(page).first()).toBeVisible()
  await mapIsDrawn(page)
  const near = await mapOf(page).screenshot()
  for (let step = 0; step < 3; step++) {
    await page.getByRole('button', { name: 'Zoom out' }).click()
    await page.waitForTimeout(700)
  }
  const far = await mapOf(page).screenshot()
  expect(await changedPixels(page, near, far)).toBeGreaterThan(2_000)
})

test('the list holds what the map holds, and says it in words', async ({ page, request }) => {
  await page.goto(`${server.url}/city/porto?layer=noise&list=all`)
  await expect(rows(page).first()).toBeVisible()
  const inBroker = await request.get(`${server.url}/ngsi-ld/v1/entities?type=NoiseLevelObserved&limit=1&count=true`, { headers: { 'NGSILD-Tenant': 'porto' } })
  const count = Number(inBroker.headers()['ngsild-results-count'])
  expect(count).toBeGreaterThan(20)
  const readable = page.getByRole('heading', { level: 2, name: /noise sensors/i })
  // One simulated unit may publish what no reader accepts; the rest must all be there.
  const listed = async (): Promise<number> => Number((await readable.innerText()).split(' ')[0])
  await expect.poll(listed).toBeGreaterThanOrEqual(count - 1)
  expect(await listed()).toBeLessThanOrEqual(count)
  await expect(rows(page).first()).toContainText(/dB\(A\)/)
  await expect(rows(page).first()).toHaveAccessibleName(/dB\(A\)/)

  await page.getByRole('searchbox').fill('Boavista')
  await expect(rows(page).first()).toContainText('Boavista')
})

test('another city is a choice away', async ({ page }) => {
  await page.goto(`${server.url}/`)
  await page.getByRole('button', { name: /City/ }).click()
  await page.getByRole('option', { name: 'Helsinki' }).click()
  await expect(page).toHaveURL(/\/city\/helsinki/)
  await expect(sentence(page)).toContainText('Helsinki')
  await expect(sentence(page)).toContainText('layers report')
})

test('nothing is asked of anybody else', async ({ page }) => {
  const foreign: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(server.url) && !/^(data|blob):/.test(request.url())) foreign.push(request.url())
  })
  await page.goto(`${server.url}/city/milan`)
  await expect(sentence(page)).toContainText('layers report')
  await mapIsDrawn(page)
  expect(foreign).toEqual([])
})

test('an unknown city says which there are', async ({ page }) => {
  await page.goto(`${server.url}/city/atlantis`)
  await expect(page.getByText(/atlantis/i).first()).toBeVisible()
  await expect(page.getByRole('link', { name: 'Porto' })).toBeVisible()
})

test('the title tells the city, its state and that it is made up', async ({ page }) => {
  await page.goto(`${server.url}/city/milan?layer=cycling`)
  await expect(page).toHaveTitle('Milan, Cycling (live, simulated) · Belvedere')
})

test('stations that give another measure are not called silent', async ({ page }) => {
  await page.goto(`${server.url}/city/porto?layer=cycling&list=all`)
  await expect(tile(page, 'Cycling')).toContainText(/\d+\/\d+ sensors.*\d+ give another measure/)
  const [, reporting, counters] = /(\d+)\/(\d+) sensors/.exec(await tile(page, 'Cycling').innerText())!
  // A simulated counter or two may be lost; a third of all would be the stations.
  expect(Number(reporting)).toBeGreaterThan(0.8 * Number(counters))
  await expect(page.getByRole('region', { name: /^Legend/ })).toContainText('gives another measure')
  await page.getByRole('searchbox').fill('BikeHireDockingStation')
  await expect(rows(page).first()).toContainText('another measure')
})

test('the sources of the map can be read at first, fold away, and stay a key away', async ({ page }) => {
  await page.goto(`${server.url}/city/porto`)
  const sources = page.getByText(/OpenStreetMap contributors/)
  await expect(sources).toBeVisible()
  await expect(sources).toBeHidden({ timeout: 15_000 })
  await page.getByLabel('Sources').focus()
  await page.keyboard.press('Enter')
  await expect(sources).toBeVisible()
})

test('a picture for the README', async ({ page }) => {
  await page.goto(`${server.url}/city/porto`)
  await expect(rows(page).first()).toBeVisible()
  await mapIsDrawn(page)
  await page.screenshot({ path: 'test-results/monitor.png' })
})

