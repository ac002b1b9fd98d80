/** The Monitor screen's parts as a person finds them: by role and by name. */
import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Locator, type Page } from '@playwright/test'
import { changedPixels } from './pixels.ts'

/** What the console complains of; a page in order says nothing. */
export function watch(page: Page): string[] {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return complaints
}

export async function seriousIn(page: Page): Promise<string[]> {
  // All rules; of what is in order no list is made, which takes longer than the rules.
  const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).analyze()
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 120)}`)
}

/** By night and by day, one after the other on the page as it stands; it is left by day. */
export async function seriousInBoth(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
    // Colours on their way are nobody's: what fades is let end.
    await page.evaluate(() => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => void Promise.allSettled(document.getAnimations().flatMap((one) => (one instanceof CSSTransition ? [one.finished] : []))).then(() => done())))))
    found.push(...(await seriousIn(page)).map((one) => `${colorScheme}: ${one}`))
  }
  return found
}

export function sentence(page: Page): Locator {
  return page.getByRole('region', { name: 'Summary' }).getByRole('paragraph').first()
}

export function tile(page: Page, layer: string): Locator {
  return page.getByRole('region', { name: 'Layers' }).getByRole('button', { name: new RegExp(`^${layer}`) })
}

export function rows(page: Page): Locator {
  // An empty list has a row too, which says why.
  return page.getByRole('grid').locator('[role=row][data-key]')
}

export function mapOf(page: Page): Locator {
  return page.locator('[aria-label^="Map of"]').first()
}

/** The basemap and the first marks are on the screen: two pictures half a second apart hardly differ. */
export async function mapIsDrawn(page: Page): Promise<void> {
  await expect(page.locator('canvas').first()).toBeVisible()
  await expect(async () => {
    const one = await mapOf(page).screenshot()
    await page.waitForTimeout(500)
    const two = await mapOf(page).screenshot()
    expect(await changedPixels(page, one, two)).toBeLessThan(300)
  }).toPass({ timeout: 30_000 })
}

/** The drawer of one sensor. */
export function drawerOf(page: Page): Locator {
  return page.getByRole('complementary')
}
