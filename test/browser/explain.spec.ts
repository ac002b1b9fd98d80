/** Any number can say how it was made, by keyboard; and the layer leaves as a file that says what the list says. */
import { readFileSync } from 'node:fs'
import { expect, test } from '@playwright/test'
import { drawerOf, rows, seriousIn, tile } from './monitor-page.ts'
import { startServer, type ServerUnderTest } from './server.ts'

let server: ServerUnderTest

test.beforeAll(async () => {
  server = await startServer()
})

test.afterAll(() => server.stop())

for (const colorScheme of ['light', 'dark'] as const) {
  test(`a tile and a sensor say how their numbers were made, by keyboard, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme })
    await page.goto(`${server.url}/city/porto?layer=noise&list=all`)
    await expect(rows(page).first()).toBeVisible()
    await expect(tile(page, 'Noise')).toHaveAccessibleDescription(/^Noise in Porto is \d+\sdB\(A\) over the last 15\smin .*the energetic mean of (all )?\d+/)
    await tile(page, 'Noise').focus()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'How this number is made: Noise' })
    await expect(dialog).toContainText('10 lg( (1/T) Σ')
    await expect(dialog).toContainText('ISO 1996-1 (2016), not confirmed')
    await expect(dialog).toContainText('Directive 2002/49/EC (2002)')
    expect(await seriousIn(page)).toEqual([])
    await page.keyboard.press('Escape')
    await expect(dialog).toBeHidden()
    await expect(page.getByRole('button', { name: 'How this number is made: Noise' })).toBeFocused()

    await rows(page).first().click()
    const section = drawerOf(page).getByRole('region', { name: 'How this number is made' })
    await expect(section).toContainText(/^Noise at .* is \d+\sdB\(A\) over the last/)
    await section.locator('summary').focus()
    await page.keyboard.press('Enter')
    await expect(section.getByRole('region', { name: 'Where it counts' })).toContainText('In the city’s number')
    expect(await seriousIn(page)).toEqual([])
  })
}

test('the layer is saved as CSV with the values of the list', async ({ page }) => {
  // A past instant stands still: list and file can be compared.
  const at = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000 - 3_600_000).toISOString().replace('.000Z', 'Z')
  await page.goto(`${server.url}/city/porto?layer=noise&t=${at}&list=all`)
  await expect(rows(page).first()).toBeVisible()
  const listed = await rows(page).evaluateAll((all) => all.map((row) => [row.getAttribute('data-key'), /(\d+)\sdB/.exec(row.textContent ?? '')?.[1]] as const))
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save as CSV' }).focus()
  await page.keyboard.press('Enter')
  const file = await downloading
  expect(file.suggestedFilename()).toBe(`porto-noise-${at.replaceAll(/[-:]/g, '')}.csv`)
  const [header, ...lines] = readFileSync(await file.path(), 'utf8').replace('\uFEFF', '').trimEnd().split('\r\n')
  const valueAt = header!.split(',').indexOf('value')
  const known = Number(/^(\d+)/.exec((await page.getByRole('region', { name: /^Sensors/ }).getByRole('heading').textContent()) ?? '')?.[1])
  expect(lines.length).toBe(known)
  // Names of streets hold commas; what stands before the value in a row is id, name, type and position.
  const cellsOf = (line: string): string[] => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map((match) => match[1]!)
  const saved = new Map(lines.map((line) => [cellsOf(line)[0], cellsOf(line)[valueAt]]))
  const compared = listed.filter(([id]) => saved.get(id ?? '') !== '')
  expect(compared.length).toBeGreaterThan(3)
  // The file has one digit more than the list.
  for (const [id, shown] of compared) expect(Math.abs(Number(saved.get(id ?? '')) - Number(shown))).toBeLessThanOrEqual(0.551)
})
