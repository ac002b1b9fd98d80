/** Windows and views of a layer, by keyboard, against the real server: what is chosen stands in the legend, the list, the tiles and the address. */
import { mapIsDrawn, mapOf, rows, sentence, seriousIn, tile, watch } from './monitor-page.ts'
import { changedPixels } from './pixels.ts'
import { expect, test } from './shared-server.ts'

// Eight weeks of an hour, on a machine that draws in software beside it.
const HISTORY_MS = 150_000
test.setTimeout(2 * HISTORY_MS)

test('U goes through value, usual and limit, a window is chosen, and the layer follows', async ({ page, server }) => {
  const complaints = watch(page)
  await page.goto(`${server.url}/city/porto?layer=noise&list=all`)
  await expect(sentence(page)).toContainText(/(\d+) of \1 layers report/)
  await mapIsDrawn(page)
  const value = await mapOf(page).screenshot()
  await expect(rows(page).first()).toContainText('dB(A)')

  await page.keyboard.press('u')
  await expect(page).toHaveURL(/view=usual/)
  await expect(page.getByRole('button', { name: 'vs usual' })).toHaveAttribute('aria-pressed', 'true')
  await expect(page.getByRole('region', { name: /^Legend: Sound level against usual/ })).toBeVisible()
  // The layer that is looked at comes first: eight weeks of this hour.
  await expect(page.getByText(/Usual for .*\sh: \d+ days/)).toBeVisible({ timeout: HISTORY_MS })
  await expect(rows(page).first()).toContainText(/[+±−]\d+\s?dB/)
  await expect(rows(page).first()).toContainText(/usual|above|below/)
  await expect(tile(page, 'Noise')).toContainText(/(as|above|below) usual for/)
  await mapIsDrawn(page)
  expect(await changedPixels(page, value, await mapOf(page).screenshot())).toBeGreaterThan(500)
  expect(await seriousIn(page)).toEqual([])

  await page.keyboard.press('u')
  await expect(page).toHaveURL(/view=limit/)
  const legend = page.getByRole('region', { name: /^Legend: Sound level against EU noise maps start/ })
  await expect(legend).toContainText('Directive 2002/49/EC (2002)')
  // The tile still says the value itself.
  await expect(tile(page, 'Noise')).toContainText('dB(A)')
  await test.step('a view that a layer has not is out of reach and says why', async () => {
    await tile(page, 'Cycling').click()
    await expect(page).toHaveURL(/layer=cycling.*view=limit|view=limit.*layer=cycling/)
    await expect(page.getByRole('button', { name: 'vs limit' })).toBeDisabled()
    await expect(page.getByText('Cycling has no limit to compare with.')).toBeVisible()
    await expect(page.getByRole('button', { name: '1 min' })).toBeDisabled()
    await expect(page.getByRole('button', { name: '1 min' })).toHaveAttribute('title', 'Not offered: sensors report more seldom')
    await tile(page, 'Noise').click()
    await expect(legend).toBeVisible()
  })
  await page.keyboard.press('u')
  await expect(page).not.toHaveURL(/view=/)
  await expect(page.getByRole('region', { name: 'Legend: Sound level', exact: true })).toBeVisible()

  await test.step('a window is chosen by keyboard, fills, and is in the address and in the words', async () => {
    await page.getByRole('button', { name: '1 h', exact: true }).focus()
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(/window=1h/)
    await expect(page.getByRole('region', { name: 'Legend: Sound level' })).toContainText(/LAeq over 1\s?h/)
    await expect(tile(page, 'Noise')).toContainText(/LAeq over 1\s?h/)
    await expect(page.getByText(/Window filling/)).toHaveCount(0, { timeout: HISTORY_MS })
    // A link brings it back; the layer's own window needs no word in the address.
    await page.reload()
    await expect(page.getByRole('button', { name: '1 h', exact: true })).toHaveAttribute('aria-pressed', 'true')
    await page.getByRole('button', { name: '15 min', exact: true }).focus()
    await page.keyboard.press('Enter')
    await expect(page).not.toHaveURL(/window=/)
  })
  expect(complaints).toEqual([])
})
