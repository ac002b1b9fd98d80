/**
 * The Monitor screen as an official meets it: the built page, the real server with its embedded broker,
 * notifications over real HTTP, a real browser.
 */
import { AxeBuilder } from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'
import { changedPixels } from './pixels.ts'
import { startServer, type ServerUnderTest } from './server.ts'

const LAYERS = ['Noise', 'Air quality', 'Cycling', 'Building energy', 'Traffic', 'Rain']

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

test('every layer draws: pixels change where data is, and no two layers look alike', async ({ page, context }) => {
  const empty = await context.newPage()
  await empty.route('**/api/cities/**', (route) => route.abort())
  await empty.goto(`${server.url}/city/porto`)
  await mapIsDrawn(empty)
  const without = await mapOf(empty).screenshot()
  await empty.close()

  const seen: Buffer[] = []
  for (const layer of LAYERS) {
    await page.goto(`${server.url}/city/porto`)
    await tile(page, layer).click()
    await expect(tile(page, layer)).toHaveAttribute('aria-pressed', 'true')
    await expect(rows(page).first()).toBeVisible()
    await mapIsDrawn(page)
    const drawn = await mapOf(page).screenshot()
    for (const other of [without, ...seen]) expect(await changedPixels(page, other, drawn), `${layer} against what was drawn before`).toBeGreaterThan(400)
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
  await page.goto(`${server.url}/city/porto?layer=noise`)
  await expect(rows(page).first()).toBeVisible()
  const inBroker = await request.get(`${server.url}/ngsi-ld/v1/entities?type=NoiseLevelObserved&limit=1&count=true`, { headers: { 'NGSILD-Tenant': 'porto' } })
  const count = Number(inBroker.headers()['ngsild-results-count'])
  expect(count).toBeGreaterThan(20)
  const readable = page.getByRole('heading', { level: 2, name: /noise sensors/i })
  // One simulated unit may publish what no reader accepts; the rest must all be there.
  const listed = Number((await readable.innerText()).split(' ')[0])
  expect(listed).toBeGreaterThanOrEqual(count - 1)
  expect(listed).toBeLessThanOrEqual(count)
  await expect(rows(page).first()).toContainText(/dB\(A\)/)
  await expect(rows(page).first()).toHaveAccessibleName(/dB\(A\)/)

  await page.getByRole('searchbox').fill('Boavista')
  await expect(rows(page).first()).toContainText('Boavista')
})

test('the keyboard alone opens a sensor and comes back', async ({ page }) => {
  await page.goto(`${server.url}/city/porto?layer=noise`)
  await expect(rows(page).first()).toBeVisible()
  await page.getByRole('searchbox').focus()
  await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  const drawer = page.getByRole('region', { name: /^Inspect|microphone/ }).or(page.getByRole('complementary')).first()
  await expect(drawer).toBeVisible()
  await expect(page).toHaveURL(/sel=/)
  await expect(drawer).toContainText(/dB\(A\)/)
  await expect(drawer).toContainText(/expected every/)
  // 24 hours from the temporal API, and the same as a table.
  await expect(drawer).toContainText(/readings, from/)
  await drawer.getByRole('button', { name: 'Table' }).click()
  await expect(drawer.getByRole('table').first()).toBeVisible()
  await expect(drawer).toContainText('urn:ngsi-ld:NoiseLevelObserved:porto')
  await page.keyboard.press('Escape')
  await expect(drawer).toBeHidden()
  expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('row')
})

test('a link opens the same layer, sensor and time; history looks unlike live', async ({ page, request }) => {
  const answer = await request.get(`${server.url}/ngsi-ld/v1/entities?type=AirQualityObserved&limit=1`, { headers: { 'NGSILD-Tenant': 'porto' } })
  const [{ id }] = (await answer.json()) as [{ id: string }]
  const at = new Date(Date.now() - 26 * 3_600_000).toISOString().slice(0, 16)
  await page.goto(`${server.url}/city/porto?layer=air-quality&sel=${id}&t=${at}:00Z`)
  await expect(sentence(page)).toContainText('Porto as it was')
  await expect(page.getByRole('banner')).toContainText('history')
  await expect(tile(page, 'Air quality')).toHaveAttribute('aria-pressed', 'true')
  await expect(tile(page, 'Noise')).toContainText(/dB\(A\)/)
  await expect(page.getByText(id).first()).toBeAttached()
  await page.getByRole('button', { name: 'Now', exact: true }).click()
  await expect(sentence(page)).not.toContainText('as it was')
  await expect(page.getByRole('banner')).toContainText('live')
  await page.goBack()
  await expect(sentence(page)).toContainText('as it was')
})

test('another city is a choice away', async ({ page }) => {
  await page.goto(`${server.url}/`)
  await page.getByRole('button', { name: /City/ }).click()
  await page.getByRole('option', { name: 'Helsinki' }).click()
  await expect(page).toHaveURL(/\/city\/helsinki/)
  await expect(sentence(page)).toContainText('Helsinki')
  await expect(sentence(page)).toContainText('layers report')
})

test('paused, nothing moves; resumed, it is live again', async ({ page }) => {
  await page.goto(`${server.url}/city/porto`)
  await expect(sentence(page)).toContainText('layers report')
  await page.getByRole('button', { name: 'Pause' }).click()
  await expect(page.getByRole('banner')).toContainText('paused')
  const tiles = page.getByRole('region', { name: 'Layers' })
  const values = async (): Promise<string> => (await tiles.innerText()).replaceAll(/newest [^\n]*/g, '')
  const before = await values()
  await page.waitForTimeout(4_000)
  expect(await values()).toBe(before)
  await page.getByRole('button', { name: /Resume/ }).click()
  await expect(page.getByRole('banner')).toContainText('live')
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

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious, ${colorScheme}, with and without a sensor open`, async ({ page }) => {
    await page.emulateMedia({ colorScheme })
    await page.goto(`${server.url}/city/porto`)
    await expect(rows(page).first()).toBeVisible()
    expect(await seriousIn(page)).toEqual([])
    await rows(page).first().click()
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(/sel=/)
    await expect(page.getByText(/expected every/).first()).toBeVisible()
    expect(await seriousIn(page)).toEqual([])
  })
}

for (const width of [320, 390]) {
  test(`at ${width} px nothing scrolls sideways`, async ({ page }) => {
    await page.setViewportSize({ width, height: 844 })
    await page.goto(`${server.url}/city/antwerp`)
    await expect(sentence(page)).toContainText('layers report')
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    expect(overflow).toBeLessThanOrEqual(0)
  })
}

test('an unknown city says which there are', async ({ page }) => {
  await page.goto(`${server.url}/city/atlantis`)
  await expect(page.getByText(/atlantis/i).first()).toBeVisible()
  await expect(page.getByRole('link', { name: 'Porto' })).toBeVisible()
})

test('a picture for the README', async ({ page }) => {
  await page.goto(`${server.url}/city/porto`)
  await expect(rows(page).first()).toBeVisible()
  await mapIsDrawn(page)
  await page.screenshot({ path: 'test-results/monitor.png' })
})

/** What the console complains of; a page in order says nothing. */
function watch(page: Page): string[] {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return complaints
}

async function seriousIn(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 120)}`)
}

function sentence(page: Page): ReturnType<Page['locator']> {
  return page.getByRole('region', { name: 'Summary' }).getByRole('paragraph').first()
}

function tile(page: Page, layer: string): ReturnType<Page['locator']> {
  return page.getByRole('region', { name: 'Layers' }).getByRole('button', { name: new RegExp(`^${layer}`) })
}

function rows(page: Page): ReturnType<Page['locator']> {
  return page.getByRole('grid').getByRole('row')
}

function mapOf(page: Page): ReturnType<Page['locator']> {
  return page.locator('[aria-label^="Map of"]').first()
}

/** The basemap and the first marks are on the screen: two pictures half a second apart hardly differ. */
async function mapIsDrawn(page: Page): Promise<void> {
  await expect(page.locator('canvas').first()).toBeVisible()
  await expect(async () => {
    const one = await mapOf(page).screenshot()
    await page.waitForTimeout(500)
    const two = await mapOf(page).screenshot()
    expect(await changedPixels(page, one, two)).toBeLessThan(300)
  }).toPass({ timeout: 30_000 })
}
