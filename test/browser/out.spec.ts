/** What leaves the page: a link that shows the same, a picture with its words in it, entities as the broker has them, and paper. */
import { readFileSync } from 'node:fs'
import { seriousInBoth } from './monitor-page.ts'
import { expect, test } from './shared-server.ts'

test('a view leaves as link, picture, entities, citation and report', async ({ page, server }) => {
  const link = `${server.url}/city/porto?layer=noise&list=all&at=41.155,-8.62,13&sort=name&find=microphone&also=cycling`
  await page.goto(link)
  await expect(page.getByRole('searchbox', { name: /filter/i })).toHaveValue('microphone')
  await expect(page.getByRole('combobox', { name: 'Order' })).toHaveValue('name')
  // The scale of a city that is framed is coarser: the camera is the link's.
  await expect(page.locator('.maplibregl-ctrl-scale')).toHaveText('500 m')

  await page.getByRole('button', { name: 'Share…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Share: Noise' })
  await expect(dialog).toBeVisible()
  const found = await seriousInBoth(page)

  const picture = page.waitForEvent('download')
  await dialog.getByRole('button', { name: 'PNG' }).click()
  const png = readFileSync(await (await picture).path())
  const width = await page.locator('.belvedere-map').evaluate((map) => map.clientWidth)
  expect(png.subarray(1, 4).toString('latin1')).toBe('PNG')
  // Two pixels to one, and the edges.
  expect(png.readUInt32BE(16)).toBe(2 * (width + 32))

  const entities = page.waitForEvent('download')
  await dialog.getByRole('button', { name: 'NGSI-LD' }).click()
  const file = await entities
  expect(file.suggestedFilename()).toMatch(/^porto-noise-\d{8}T\d{6}Z\.jsonld$/)
  const read = JSON.parse(readFileSync(await file.path(), 'utf8')) as Record<string, unknown>[]
  expect(read.length).toBeGreaterThan(20)
  for (const entity of read) expect(Object.keys(entity)).toEqual(expect.arrayContaining(['id', 'type', '@context', 'LAeq']))
  await expect(dialog).toContainText(`It holds ${read.length} entities.`)

  await dialog.getByRole('button', { name: 'Cite…' }).click()
  const cite = page.getByRole('dialog', { name: 'Cite this view' })
  await expect(cite).toContainText(/Porto, Noise: LAeq over 15.min, .*\(Europe\/Lisbon\)\. Simulated data: no sensor measured it\. .*[?&]t=20\d\d-/)
  expect([...found, ...(await seriousInBoth(page))]).toEqual([])
  await page.keyboard.press('Escape')
  await expect(cite).toBeHidden()

  await page.emulateMedia({ media: 'print' })
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
  const report = page.getByRole('article')
  await expect(report.getByRole('heading', { name: 'Porto' })).toBeVisible()
  await expect(report.locator('canvas')).toBeVisible()
  await expect(report.getByRole('table').first()).toContainText('Noise')
  await expect(page.locator('#root')).toBeHidden()
  await page.evaluate(() => dispatchEvent(new Event('afterprint')))
  await expect(page.locator('#root')).toBeVisible()
  // Nothing of all that moved what the link says.
  expect(page.url()).toBe(link)
})
