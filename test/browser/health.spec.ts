/** The Health screen: found and used by keyboard, one incident for a dead broker, and text stays text. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, type Locator, type Page } from '@playwright/test'
import { startFakeBroker, type FakeBroker } from '../fake-broker.ts'
import { seriousIn, watch } from './monitor-page.ts'
import { startServer, type ServerUnderTest } from './server.ts'

const folder = mkdtempSync(join(tmpdir(), 'belvedere-health-'))
const SCRIPT = '<script>window.hacked = true</script><img src=x onerror="window.hacked = true">'
const ODD = {
  id: 'urn:ngsi-ld:NoiseLevelObserved:odd',
  type: 'NoiseLevelObserved',
  name: { type: 'Property', value: SCRIPT },
  location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [41.14, -8.61] } },
  LAeq: { type: 'Property', value: 61, unitCode: SCRIPT, observedAt: '2026-11-20T12:00:00Z' },
}
let odd: FakeBroker
let server: ServerUnderTest

test.beforeAll(async () => {
  odd = await startFakeBroker()
  odd.answer = (request, response) => void response.setHeader('content-type', 'application/json').end(JSON.stringify(request.url!.endsWith('/types') ? ['NoiseLevelObserved'] : /\/entities\/[^?]*odd/.test(request.url!) ? ODD : [ODD]))
  const dead = await startFakeBroker()
  await dead.close()
  const city = (id: string, name: string, more: object): object => ({ id, name, country: 'PT', timeZone: 'Europe/Lisbon', anchor: [-8.61, 41.15], bounds: [-8.7, 41.1, -8.5, 41.2], contact: 'sensors@example.org', ...more })
  const file = join(folder, 'belvedere.json')
  writeFileSync(
    file,
    JSON.stringify({
      cities: [
        city('porto', 'Porto', { brokers: [{ id: 'main', embedded: { simulate: { sensors: 60 } } }] }),
        city('gaia', 'Gaia', { layers: ['noise'], brokers: [{ id: 'odd', url: odd.url }] }),
        city('braga', 'Braga', { layers: ['noise', 'traffic'], brokers: [{ id: 'dead', name: 'City Orion', url: dead.url }] }),
      ],
    }),
  )
  server = await startServer(['--config', file])
})
test.afterAll(async () => {
  await server.stop()
  await odd.close()
  rmSync(folder, { recursive: true })
})

const incidents = (page: Page): Locator => page.getByRole('region', { name: 'Incidents' })

/** Tab until it has the focus: what cannot be reached so is not there for whoever has no pointer. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let step = 0; step < 60; step++) {
    if (await target.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  await expect(target).toBeFocused()
}

test('by keyboard alone: there and back, checked, read and saved', async ({ page }) => {
  const complaints = watch(page)
  await page.goto(`${server.url}/health?city=porto`)
  await expect(page.getByRole('heading', { level: 1, name: 'Health of Porto' })).toBeVisible()
  await expect(incidents(page)).toContainText(/of 7 layers of Porto are in order, 1 of 1 broker answers/)
  await expect(page.getByRole('row', { name: /^Noise every minute/ })).toContainText('ok')
  await expect(page.getByRole('article', { name: 'Broker main' })).toContainText('1 of 1')
  await tabTo(page, page.getByRole('button', { name: 'Check now' }))
  await page.keyboard.press('Enter')
  const report = page.getByRole('article', { name: 'Conformance of main' })
  await expect(report).toContainText(/\d+ pass, \d+ fail, \d+ not checkable from here/)
  // Closed, as nothing in it failed.
  const access = report.locator('summary', { hasText: 'Accessing data' })
  await tabTo(page, access)
  await page.keyboard.press('Enter')
  await expect(report).toContainText('Answers over standard HTTP')
  await tabTo(page, page.getByRole('link', { name: '← Monitor' }))
  const saving = page.waitForEvent('download')
  await tabTo(page, page.getByRole('button', { name: 'Save as CSV' }))
  await page.keyboard.press('Enter')
  const saved = await saving
  expect(saved.suggestedFilename()).toMatch(/^porto-conformance-.*\.csv$/)
  expect(readFileSync(await saved.path(), 'utf8').split('\r\n')[1]).toMatch(/^main,.*,Accessing data,MIM0,/)
  await page.keyboard.press('g')
  await page.keyboard.press('m')
  await expect(page.getByRole('link', { name: 'Health' })).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('h')
  await expect(page).toHaveURL(/\/health\?city=porto/)
  expect(complaints).toEqual([])
})

test('a dead broker is one incident with its age, and what hangs on it is grey, with the server and without', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto(`${server.url}/health?city=braga`)
  const listed = incidents(page).getByRole('listitem')
  await expect(listed).toHaveCount(1)
  await expect(listed).toContainText(/City Orion is down since \d\d:\d\d \(\d+\s(s|min)\)\. 2 layers are grey\./)
  await expect(listed).toContainText('Ask sensors@example.org.')
  await expect(page.getByRole('row', { name: /grey: its broker is down/ })).toHaveCount(2)
  await page.getByRole('button', { name: 'Copy for e-mail' }).click()
  const text = await page.evaluate(() => navigator.clipboard.readText())
  expect(text).toContain('City Orion is down')
  // Addresses of brokers stay in the server.
  expect(text).not.toContain('127.0.0.1')
  expect(await seriousIn(page)).toEqual([])
  // The server goes away: what it said last stays, and is said to be of then.
  await page.route('**/api/cities/*/health', (route) => route.abort())
  const cities = page.getByRole('navigation', { name: 'Cities' })
  await cities.getByRole('link', { name: 'Gaia' }).click()
  await cities.getByRole('link', { name: 'Braga' }).click()
  await expect(page.getByRole('alert')).toContainText(/The server does not answer\. What is shown of the brokers is of \d\d:\d\d/)
  await expect(listed).toHaveCount(1)
})

test('what a broker sends stays text, on a phone and in the dark', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.goto(`${server.url}/health?city=gaia`)
  await expect(incidents(page)).toContainText('1 entity could not be read.')
  await page.getByRole('button', { name: 'Show the entity' }).click()
  await expect(page.getByRole('region', { name: /odd as its broker has it/ })).toContainText('<script>window.hacked')
  await page.getByRole('button', { name: 'Check now' }).click()
  const report = page.getByRole('article', { name: 'Conformance of odd' })
  await expect(report).toContainText('longitude and latitude are swapped')
  await report.getByText('What it answered').last().click()
  await expect(page.getByRole('region', { name: /^Answer that fails/ }).last()).toContainText('<script>window.hacked')
  expect(await page.evaluate(() => 'hacked' in window)).toBe(false)
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0)
  expect(await seriousIn(page)).toEqual([])
})
