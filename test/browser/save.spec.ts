/** The layer leaves as a file that says what the list says. How a number is made: `access.spec.ts`. */
import { readFileSync } from 'node:fs'
import { rows } from './monitor-page.ts'
import { expect, test } from './shared-server.ts'

test('the layer is saved as CSV with the values of the list', async ({ page, server }) => {
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
