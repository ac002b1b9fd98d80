/**
 * What is not translated, found by eye of a machine: in the made-up language every letter of ours has an accent, so a
 * plain word that did not come from the data is a text that was forgotten. It is a third longer too: nothing may overflow.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import { rows } from './monitor-page.ts'
import { startServer, type ServerUnderTest } from './server.ts'

const folder = mkdtempSync(join(tmpdir(), 'belvedere-language-'))
let server: ServerUnderTest

test.beforeAll(async () => {
  const file = join(folder, 'belvedere.json')
  const city = { id: 'words', name: 'Porto', country: 'PT', timeZone: 'Europe/Lisbon', anchor: [-8.61, 41.15], bounds: [-8.7, 41.1, -8.5, 41.2], contact: 'sensors@example.org', layers: ['noise'], districts: { sectors: { centreRadiusM: 1_500 } } }
  writeFileSync(file, JSON.stringify({ cities: [{ ...city, brokers: [{ id: 'main', embedded: { simulate: { sensors: 12 } } }] }] }))
  server = await startServer(['--config', file])
})
test.afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

/** Units, formats, documents, and what the platform writes: the same in every language, or the platform's own. */
const SAME_EVERYWHERE = ['min', 'CSV', 'GeoJSON', 'JSON', 'ISO', 'WHO', 'WET', 'WEST', 'Belvedere', 'Porto', 'main', 'words', 'sensors@example.org', 'Europe/Lisbon', 'https', ...dateWords()]

test('no text is forgotten, and none overflows a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  const said = await dataTexts(page)
  await page.goto(`${server.url}/city/words?lang=en-XA&list=all`)
  await expect(rows(page).nth(2)).toBeVisible()
  expect(await forgotten(page, said)).toEqual([])
  expect(await overflow(page)).toBe(0)

  await rows(page).first().click()
  await expect(page.getByRole('complementary').getByRole('slider')).toBeAttached()
  expect(await forgotten(page, said)).toEqual([])
  expect(await overflow(page)).toBe(0)

  await page.goto(`${server.url}/health?city=words&lang=en-XA`)
  await expect(page.getByRole('article').first()).toBeVisible()
  await expect(page.getByRole('table').first()).toContainText('12')
  expect(await forgotten(page, said)).toEqual([])
  expect(await overflow(page)).toBe(0)
})

/** Every text that the broker gives: names, keys, values; the longest first, for one may be within another. */
async function dataTexts(page: Page): Promise<readonly string[]> {
  const answer = await page.request.get(`${server.url}/api/cities/words/brokers/main/ngsi-ld/v1/entities?type=NoiseLevelObserved&limit=100`, { headers: { accept: 'application/json' } })
  expect(answer.ok()).toBe(true)
  const found = new Set<string>()
  const tell = (json: unknown): void => {
    if (typeof json === 'string') found.add(json)
    else if (typeof json === 'object' && json !== null) {
      for (const [key, value] of Object.entries(json)) {
        if (!Array.isArray(json)) found.add(key)
        tell(value)
      }
    }
  }
  tell(await answer.json())
  expect(found.size).toBeGreaterThan(20)
  return [...found].toSorted((a, b) => b.length - a.length)
}

/** Plain words of what is shown, with the text they stand in. What is marked as of another language is not ours to translate. */
async function forgotten(page: Page, said: readonly string[]): Promise<readonly string[]> {
  const texts = await page.evaluate(() => {
    const shown = (element: Element | null): element is Element => element !== null && element.checkVisibility() && element.closest('[lang], pre, cite, script') === document.documentElement
    const found = new Set<string>([document.title])
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) if (shown(node.parentElement)) found.add(node.nodeValue ?? '')
    for (const name of ['aria-label', 'aria-valuetext', 'title', 'placeholder']) {
      for (const element of document.querySelectorAll(`[${name}]`)) if (shown(element)) found.add(element.getAttribute(name) ?? '')
    }
    return [...found]
  })
  expect(texts.length).toBeGreaterThan(50)
  return texts.flatMap((text) => {
    // A name may be cut before its last word; a word of the data counts only as the whole text or as "key: value".
    if (said.includes(text.trim()) || said.some((one) => text.startsWith(`${one}: `))) return []
    const ours = said.filter((one) => one.includes(' ') || one.includes(':')).reduce((rest, one) => rest.replaceAll(one, '').replaceAll(one.replace(/ \S+$/, ''), ''), text)
    const plain = SAME_EVERYWHERE.reduce((rest, one) => rest.replaceAll(new RegExp(`(?<![\\p{L}·])${one}(?![\\p{L}·])`, 'gu'), ''), ours).match(/(?<![\p{L}·])[A-Za-z]{3,}(?![\p{L}])/gu)
    return plain === null ? [] : [`${plain.join(', ')} in "${text.trim().slice(0, 100)}"`]
  })
}

function overflow(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - innerWidth))
}

/** Days and months as the made-up language, which writes them as English does, has them. */
function dateWords(): readonly string[] {
  const days = Array.from({ length: 7 }, (_, day) => new Intl.DateTimeFormat('en-GB', { weekday: 'short', timeZone: 'UTC' }).format(day * 86_400_000))
  const months = Array.from({ length: 12 }, (_, month) => new Intl.DateTimeFormat('en-GB', { month: 'short', timeZone: 'UTC' }).format(Date.UTC(2026, month, 15)))
  return [...days, ...months]
}
