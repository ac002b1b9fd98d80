/** A part of the city is chosen by keyboard: the list has its sensors alone, the map its border and name, the link its name. */
import { rows, seriousIn, watch } from './monitor-page.ts'
import { expect, test } from './shared-server.ts'

test('a sector is chosen, explained and left again without a mouse', async ({ page, server }) => {
  const complaints = watch(page)
  await page.goto(`${server.url}/city/porto?layer=noise&list=districts`)
  const table = page.getByRole('region', { name: 'By sector: Noise' })
  await expect(table).toContainText('not official districts')
  const sectors = table.locator('[data-district]')
  await expect(sectors).toHaveCount(5)
  await expect(rows(page).first()).toBeVisible()
  const known = Number(/^(\d+)/.exec((await page.getByRole('region', { name: /^Sensors/ }).getByRole('heading').textContent()) ?? '')?.[1])

  await sectors.first().focus()
  await page.keyboard.press('End')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Home')
  const name = await page.locator(':focus').textContent()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`[?&]district=${name}`))
  const heading = page.getByRole('region', { name: /^Sensors/ }).getByRole('heading')
  await expect(heading).toHaveText(new RegExp(`^\\d+ of ${known} noise sensors · ${name}$`))
  const listed = Number(/^(\d+)/.exec((await heading.textContent()) ?? '')?.[1])
  const row = table.getByRole('row', { name: new RegExp(`^${name}`) })
  // "20 of 22" report: as many as the list has.
  await expect(row).toContainText(new RegExp(`\\d+ of ${listed}\\b`))
  expect(listed).toBeLessThan(known)
  await expect(rows(page).first()).toBeVisible()
  await expect(page.locator('.belvedere-map-label')).toHaveText(name!)

  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toContainText(`Noise in the sector ${name} of Porto is`)
  expect(await seriousIn(page)).toEqual([])
  await page.keyboard.press('Escape')
  await table.getByRole('button', { name: 'Whole city' }).focus()
  await page.keyboard.press('Enter')
  await expect(heading).toHaveText(`${known} noise sensors`)
  await expect(page.locator('.belvedere-map-label')).toHaveCount(0)
  expect(complaints).toEqual([])
})
