/**
 * The Monitor screen as an official meets it: the built page, the real server with its embedded broker,
 * notifications over real HTTP, a real browser.
 */
import { listedIds } from './listed.ts'
import { mapIsDrawn, mapOf, rows, sentence, tile, watch } from './monitor-page.ts'
import { changedPixels } from './pixels.ts'
import { expect, test } from './shared-server.ts'

test('a first visit: the sentence before the map, data soon, and another city a choice away', async ({ page, server }) => {
  const complaints = watch(page)
  const foreign: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(server.url) && !/^(data|blob):/.test(request.url())) foreign.push(request.url())
  })
  await test.step('the first sentence stands before the map, and data comes soon', async () => {
    const startedAt = Date.now()
    await page.goto(`${server.url}/`)
    await expect(sentence(page)).toContainText(/(\d+) of \1 layers report/)
    const firstDataMs = Date.now() - startedAt
    test.info().annotations.push({ type: 'first data', description: `${firstDataMs} ms` })
    // A limit to notice a page that waits for something; the figure itself is measured, not promised, here.
    expect.soft(firstDataMs).toBeLessThan(15_000)

    const order = await page.evaluate(() => {
      const summary = document.querySelector('h1')!
      const canvas = document.querySelector('[aria-label^="Map of"]')!
      return Boolean(summary.compareDocumentPosition(canvas) & Node.DOCUMENT_POSITION_FOLLOWING)
    })
    expect(order).toBe(true)
    await expect(page).toHaveURL(/\/city\/porto/)
    await expect(page.getByText('simulated', { exact: true }).first()).toBeVisible()
  })
  await test.step('another city is a choice away', async () => {
    await page.getByRole('button', { name: /City/ }).click()
    await page.getByRole('option', { name: 'Milan' }).click()
    await expect(page).toHaveURL(/\/city\/milan/)
    await expect(sentence(page)).toContainText('Milan')
    await expect(sentence(page)).toContainText('layers report')
  })
  await test.step('the title tells the city, its layer, its state and that it is made up', async () => {
    await tile(page, 'Cycling').click()
    await expect(page).toHaveTitle('Milan, Cycling (live, simulated) · Belvedere')
  })
  await test.step('nothing is asked of anybody else, in one city or another', async () => {
    await mapIsDrawn(page)
    expect(foreign).toEqual([])
    expect(complaints).toEqual([])
  })
  await test.step('an unknown city says which there are', async () => {
    await page.goto(`${server.url}/city/atlantis`)
    await expect(page.getByText(/atlantis/i).first()).toBeVisible()
    await expect(page.getByRole('link', { name: 'Porto' })).toBeVisible()
  })
})

test('every layer draws: pixels change where data is, and no two layers look alike', async ({ page, server }) => {
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

test('the map: its sources, its names for the ear, a picture, and cells from far away', async ({ page, server }) => {
  // As the README shows it.
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.goto(`${server.url}/city/porto`)
  const sources = page.getByText(/OpenStreetMap contributors/)
  await test.step('its sources can be read at first, fold away, and stay a key away', async () => {
    await expect(sources).toBeVisible()
    await expect(sources).toBeHidden({ timeout: 15_000 })
    await page.getByLabel('Sources').focus()
    await page.keyboard.press('Enter')
    await expect(sources).toBeVisible()
    await page.keyboard.press('Enter')
    await expect(sources).toBeHidden()
  })
  await expect(rows(page).first()).toBeVisible()
  await mapIsDrawn(page)
  await page.screenshot({ path: 'test-results/monitor.png' })
  await test.step('all that takes the focus has a name', async () => {
    const nameless = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('canvas, [tabindex="0"]')].filter((one) => one.tabIndex === 0 && one.getAttribute('aria-label') === null && one.textContent?.trim() === '').map(({ outerHTML }) => outerHTML.slice(0, 120)),
    )
    expect(nameless).toEqual([])
  })
  await test.step('zoomed out, sensors become cells', async () => {
    const near = await mapOf(page).screenshot()
    for (let step = 0; step < 3; step++) await page.getByRole('button', { name: 'Zoom out' }).click()
    await mapIsDrawn(page)
    expect(await changedPixels(page, near, await mapOf(page).screenshot())).toBeGreaterThan(2_000)
  })
  await test.step('text at twice its size covers nothing', async () => {
    await page.addStyleTag({ content: 'html { font-size: 200% !important }' })
    const bottomOf = async (selector: string): Promise<number> => page.locator(selector).evaluate((element) => element.getBoundingClientRect().bottom)
    const footerTop = await page.locator('footer').evaluate((element) => element.getBoundingClientRect().top)
    expect(await bottomOf('[data-pane=side]')).toBeLessThanOrEqual(footerTop)
    expect(await bottomOf('main')).toBeLessThanOrEqual(footerTop + 1)
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0)
  })
})

test('the list holds what the map and the broker hold, and says it in words', async ({ page, request, server }) => {
  await test.step('stations that give another measure are not called silent', async () => {
    await page.goto(`${server.url}/city/porto?layer=cycling&list=all`)
    await expect(tile(page, 'Cycling')).toContainText(/\d+\/\d+\ssensors.*\d+ give another measure/)
    const [, reporting, counters] = /(\d+)\/(\d+)\ssensors/.exec(await tile(page, 'Cycling').innerText())!
    // A simulated counter or two may be lost; a third of all would be the stations.
    expect(Number(reporting)).toBeGreaterThan(0.8 * Number(counters))
    await expect(page.getByRole('region', { name: /^Legend/ })).toContainText('gives another measure')
    await page.getByRole('searchbox').fill('BikeHireDockingStation')
    await expect(rows(page).first()).toContainText('another measure')
    await page.getByRole('searchbox').fill('')
  })
  await test.step('exactly the sensors that the map draws', async () => {
    await page.getByRole('button', { name: 'Pause' }).click()
    const drawn = (): Promise<readonly string[]> =>
      mapOf(page).evaluate((map) => {
        const question: { ids?: readonly string[] } = {}
        for (const element of map.querySelectorAll('div')) element.dispatchEvent(new CustomEvent('belvedere:drawn', { detail: question }))
        return [...(question.ids ?? [])].toSorted()
      })
    await expect(async () => expect((await drawn()).length).toBeGreaterThan(10)).toPass()
    const { all, placeless } = await listedIds(page)
    expect(await drawn()).toEqual(all.filter((id) => !placeless.has(id)))
    await page.getByRole('button', { name: /Resume/ }).click()
  })
  await test.step('as many as the broker has', async () => {
    await tile(page, 'Noise').click()
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
})
