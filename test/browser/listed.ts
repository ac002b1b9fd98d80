/** All rows of the list of sensors, of which only those that are seen exist: the list is walked to its end. */
import { expect, type Page } from '@playwright/test'
import { rows } from './monitor-page.ts'

export async function listedIds(page: Page): Promise<{ readonly all: readonly string[]; readonly placeless: ReadonlySet<string> }> {
  const ids = new Set<string>()
  const placeless = new Set<string>()
  await rows(page).first().focus()
  await page.keyboard.press('Home')
  const count = Number(await page.getByRole('grid').getAttribute('aria-rowcount'))
  await expect(async () => {
    for (const [id, text] of await rows(page).evaluateAll((all) => all.map((row): [string, string] => [row.getAttribute('data-key') ?? '', row.textContent ?? '']))) {
      ids.add(id)
      if (text.includes('no position')) placeless.add(id)
    }
    if (ids.size < count) await page.keyboard.press('PageDown')
    expect(ids.size).toBe(count)
  }).toPass({ intervals: [0, 50], timeout: 30_000 })
  return { all: [...ids].toSorted(), placeless }
}
