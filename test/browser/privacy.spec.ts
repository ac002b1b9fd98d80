/** What an official sees of a school of which too few rooms tell, and that the page was never given more. */
import { drawerOf, rows, watch } from './monitor-page.ts'
import { expect, test } from './shared-server.ts'

test('a school below the floor is said to be too few to show in legend, list and drawer, and no room reaches the page', async ({ page, server }) => {
  test.setTimeout(180_000)
  const complaints = watch(page)
  // Windows of schools are five minutes; those of before the start are read from the broker's history.
  await expect(async () => {
    const answer = await page.request.get(`${server.url}/api/cities/porto/brokers/privacy_floor/ngsi-ld/v1/entities?type=IndoorEnvironmentObserved&limit=100`)
    expect(await answer.text()).toContain('"tooFewToShow":{"type":"Property","value":true')
  }).toPass({ timeout: 120_000 })
  const received: string[] = []
  page.on('response', (response) => {
    // The feed does not end; what it says is searched in `test/integration/privacy.test.ts`.
    if (response.url().includes('/api/') && !response.url().endsWith('/feed')) void response.text().then((text) => received.push(text), () => undefined)
  })
  await page.goto(`${server.url}/city/porto?layer=school-air&list=all`)
  await expect(page.getByRole('region', { name: /^Legend/ })).toContainText('too few to show', { timeout: 60_000 })
  await page.getByLabel('Filter sensors by name or id').fill('School r001')
  await expect(rows(page)).toHaveCount(1)
  await expect(rows(page).first()).toContainText('too few to show')
  await rows(page).first().click()
  await expect(drawerOf(page)).toContainText('Too few to show')
  await drawerOf(page).getByText('Raw NGSI-LD').click()
  await expect(drawerOf(page)).toContainText('tooFewToShow')
  await expect(drawerOf(page)).not.toContainText(/peopleCount|-room\d/)
  expect(received.length).toBeGreaterThan(3)
  expect(received.filter((text) => /"peopleCount"|-room\d|CyclingRideSegment:|-flat\d/.test(text))).toEqual([])
  expect(complaints).toEqual([])
})
