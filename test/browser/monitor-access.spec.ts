/** The Monitor screen by keyboard, by ear, on a telephone, with large text, and without a map. */
import { chromium } from '@playwright/test'
import { drawerOf, rows, sentence } from './monitor-page.ts'
import { expect, test } from './shared-server.ts'

test('the keyboard alone opens a sensor and comes back', async ({ page, server }) => {
  await page.goto(`${server.url}/city/porto?layer=noise&list=all`)
  await expect(rows(page).first()).toBeVisible()
  await page.getByRole('searchbox').focus()
  // Past the table and the two buttons that save: the list is one stop.
  for (let stop = 0; stop < 4; stop++) await page.keyboard.press('Tab')
  await expect(page.locator('[role=row]:focus')).toHaveAttribute('aria-rowindex', '1')
  await page.keyboard.press('ArrowDown')
  await expect(page.locator('[role=row]:focus')).toHaveAttribute('aria-rowindex', '2')
  await page.keyboard.press('End')
  const count = Number(await page.getByRole('grid').getAttribute('aria-rowcount'))
  await expect(page.locator('[role=row]:focus')).toHaveAttribute('aria-rowindex', String(count))
  await expect(page.locator('[role=row]:focus')).toBeInViewport()
  const opened = await page.evaluate(() => document.activeElement?.getAttribute('data-key'))
  expect(opened).toMatch(/^urn:/)
  await page.keyboard.press('Enter')
  const drawer = drawerOf(page)
  await expect(drawer).toBeVisible()
  await expect(page).toHaveURL(/sel=/)
  await expect(drawer).toContainText(/dB\(A\)/)
  await expect(drawer).toContainText(/expected every/)
  // 24 hours from the temporal API, and the same as a table.
  await expect(drawer).toContainText(/readings, from/)
  await drawer.getByRole('button', { name: 'Table' }).click()
  await expect(drawer.getByRole('table').first()).toBeVisible()
  await expect(drawer).toContainText('urn:ngsi-ld:NoiseLevelObserved:porto')
  // A week stands in the link; a note is kept by the server, and is text.
  await drawer.getByRole('button', { name: '7 d' }).click()
  await expect(page).toHaveURL(/range=7d/)
  await drawer.getByText(/^Notes ⚑/).click()
  await drawer.getByLabel('Note', { exact: true }).fill('<b>Works</b> next door')
  await drawer.getByLabel('Your name').fill('Ana')
  await drawer.getByRole('button', { name: 'Add the note' }).click()
  await expect(drawer.getByRole('listitem').filter({ hasText: '<b>Works</b> next door' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(drawer).toBeHidden()
  await expect(page.locator(`[role=row][data-key="${opened}"]`)).toBeFocused()

  await test.step('whoever closes the drawer by going elsewhere stays there', async () => {
    await rows(page).first().click()
    await expect(drawer).toBeVisible()
    const air = page.getByRole('region', { name: 'Layers' }).getByRole('button', { name: /^Air quality/ })
    await air.click()
    await expect(drawer).toBeHidden()
    await page.waitForTimeout(300)
    await expect(air).toBeFocused()
  })
})

test('focus returns to the row when the list was sorted anew meanwhile, and from a link', async ({ page, server }) => {
  await page.goto(`${server.url}/city/porto?layer=noise&sel=urn:ngsi-ld:NoiseLevelObserved:porto:noise:0050&list=all`)
  await expect(drawerOf(page)).toContainText(/expected every/)
  await drawerOf(page).getByRole('button', { name: 'Copy link' }).focus()
  // Some frames of data: by loudness, rows have changed places.
  await page.waitForTimeout(3_000)
  await page.keyboard.press('Escape')
  await expect(page.locator('[role=row][data-key$=":noise:0050"]')).toBeFocused()
})

test('without WebGL the page says so in its own words and sends nobody away', async ({ server }) => {
  const browser = await chromium.launch({ ...test.info().project.use.launchOptions, args: ['--no-sandbox', '--disable-gpu', '--disable-3d-apis'] })
  try {
    const page = await browser.newPage()
    await page.goto(`${server.url}/city/porto`)
    const map = page.getByRole('region', { name: /^Map of Porto/ })
    await expect(map).toContainText('The map cannot be shown')
    await expect(map).not.toContainText('http')
    await expect(rows(page).first()).toBeVisible()
  } finally {
    await browser.close()
  }
})

test('on a telephone nothing scrolls sideways', async ({ page, server }) => {
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 844 })
    await page.goto(`${server.url}/city/antwerp`)
    await expect(sentence(page)).toContainText('layers report')
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), `${width} px`).toBeLessThanOrEqual(0)
  }
})

test('by keyboard alone, a new user finds what needs a look first, opens it and hears how old it is', async ({ page, server }) => {
  await page.goto(`${server.url}/city/porto`)
  // The list of unusual places has been looked through; the silent are there before any usual is read.
  await expect(rows(page).first()).toBeVisible()
  await page.keyboard.press('j')
  const marked = page.locator('[role=row]:focus')
  await expect(marked).toHaveAttribute('aria-rowindex', '1')
  const name = (await marked.innerText()).split('\n')[0]!
  await page.keyboard.press('Enter')
  await expect(drawerOf(page)).toContainText(name)
  await expect(drawerOf(page)).toContainText(/ago|\d{2}:\d{2}/)
  // The next one opens in its place, and Escape comes back to the list.
  await page.keyboard.press('j')
  await expect(drawerOf(page)).not.toContainText(name)
  await page.keyboard.press('Escape')
  await expect(drawerOf(page)).toBeHidden()
  await expect(marked).toHaveAttribute('aria-rowindex', /[12]/)
  // All sensors as a table, the list's equal for who reads by column; and the map for who cannot point.
  await page.keyboard.press('t')
  await expect(page.getByRole('table', { name: /sensors/ })).toBeVisible()
  await page.keyboard.press('x')
  await expect(page.getByText(/ to the (north|south|east|west)/)).toBeVisible()
})
