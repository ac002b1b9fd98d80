/** Every screen and dialog for who uses no mouse, hears the page, or sees it in colours of the system: few page loads, many states. */
import { expect, test, type Page } from '@playwright/test'
import { drawerOf, mapOf, rows, seriousIn, watch } from './monitor-page.ts'
import { startServer, type ServerUnderTest } from './server.ts'

let server: ServerUnderTest

test.beforeAll(async () => {
  server = await startServer()
})

test.afterAll(() => server.stop())

test('the palette finds a sensor of another layer without accents, opens it, and Escape gives the focus back', async ({ page }) => {
  const complaints = watch(page)
  await page.goto(`${server.url}/city/porto`)
  await expect(rows(page).first()).toBeVisible()
  await page.getByRole('button', { name: 'Pause' }).focus()
  await page.keyboard.press('Control+k')
  const field = page.getByRole('combobox', { name: /^Search a place/ })
  await expect(field).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(page.getByRole('button', { name: 'Pause' })).toBeFocused()

  await page.keyboard.press('/')
  await expect(field).toBeFocused()
  // The text of the entities' own names: nothing of it is markup.
  await field.fill('counter circunvalacao')
  const found = page.getByRole('option').filter({ hasText: 'Circunvalação, counter' })
  await expect(found.first()).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/layer=cycling&sel=urn/)
  await expect(drawerOf(page).getByRole('heading').first()).toBeFocused()
  expect(complaints).toEqual([])
})

test('a key that was changed does what it did before, is refused when it is taken, and stays after a reload', async ({ page }) => {
  await page.goto(`${server.url}/city/porto?t=2026-01-05T08:00:00Z`)
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible()
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keys' }).getByRole('button', { name: 'Change keys…' }).click()
  const settings = page.getByRole('dialog', { name: 'Settings' })
  await settings.getByRole('button', { name: /^Back to now: N/ }).click()
  await page.keyboard.press('u')
  await expect(settings.getByRole('alert')).toContainText('U is taken')
  await settings.getByRole('button', { name: /^Back to now: N/ }).click()
  await page.keyboard.press('b')
  await expect(settings.getByRole('button', { name: /^Back to now: B/ })).toBeFocused()
  // While a dialog is open no key is heard behind it.
  await page.keyboard.press('b')
  await expect(page).toHaveURL(/t=2026-01-05/)
  await page.keyboard.press('Escape')
  await page.reload()
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible()
  await page.keyboard.press('n')
  await expect(page).toHaveURL(/t=2026-01-05/)
  await page.keyboard.press('b')
  await expect(page).not.toHaveURL(/t=/)
})

test('pause is said once, by one voice', async ({ page }) => {
  await page.goto(`${server.url}/city/porto`)
  await expect(rows(page).first()).toBeVisible()
  const announcer = page.locator('[data-part=announcer]')
  await expect(announcer).toBeAttached()
  // The first state is no news, and a value never is.
  await expect(page.getByText('live', { exact: true }).first()).toBeVisible()
  await page.getByRole('button', { name: 'Pause' }).click()
  await expect(announcer).toHaveText('Paused: the values of Porto stand still.')
  const speakers = await page.locator('[aria-live]:not([aria-live=off]), output, [role=status]').evaluateAll((all) => all.filter((one) => /paused/i.test(one.textContent ?? '')).length)
  expect(speakers).toBe(1)
})

test('the list has exactly the sensors that the map draws', async ({ page }) => {
  await page.goto(`${server.url}/city/porto?layer=cycling`)
  await expect(rows(page).first()).toBeVisible()
  await page.getByRole('button', { name: 'Pause' }).click()
  const drawn = (): Promise<readonly string[]> =>
    mapOf(page).evaluate((map) => {
      const question: { ids?: readonly string[] } = {}
      for (const element of map.querySelectorAll('div')) element.dispatchEvent(new CustomEvent('belvedere:drawn', { detail: question }))
      return [...(question.ids ?? [])].toSorted()
    })
  await expect(async () => expect((await drawn()).length).toBeGreaterThan(10)).toPass()
  const { all, placeless } = await listed(page)
  expect(await drawn()).toEqual(all.filter((id) => !placeless.has(id)))
})

/** All rows, of which only those that are seen exist: the list is walked to its end. */
async function listed(page: Page): Promise<{ readonly all: readonly string[]; readonly placeless: ReadonlySet<string> }> {
  const ids = new Set<string>()
  const placeless = new Set<string>()
  await rows(page).first().focus()
  await page.keyboard.press('Home')
  const count = Number(await page.getByRole('grid').getAttribute('aria-rowcount'))
  while (ids.size < count) {
    const before = ids.size
    for (const [id, text] of await rows(page).evaluateAll((all) => all.map((row): [string, string] => [row.getAttribute('data-key') ?? '', row.textContent ?? '']))) {
      ids.add(id)
      if (text.includes('no position')) placeless.add(id)
    }
    await page.keyboard.press('PageDown')
    if (ids.size === before) await page.waitForTimeout(50)
  }
  return { all: [...ids].toSorted(), placeless }
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing on any screen or dialog, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme })
    await page.goto(`${server.url}/city/porto?layer=noise&sel=urn:ngsi-ld:NoiseLevelObserved:porto:noise:0050`)
    await expect(drawerOf(page)).toContainText(/expected every/)
    const found: Record<string, readonly string[]> = { drawer: await seriousIn(page) }
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: /^Search a place/ }).fill('por')
    await expect(page.getByRole('option').first()).toBeVisible()
    found['palette'] = await seriousIn(page)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: /^Keys/ }).click()
    await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible()
    found['keys'] = await seriousIn(page)
    await page.getByRole('button', { name: 'Change keys…' }).click()
    await expect(page.getByRole('dialog', { name: 'Settings' })).toBeVisible()
    found['settings'] = await seriousIn(page)
    await page.keyboard.press('Escape')
    await page.getByRole('link', { name: 'Accessibility' }).click()
    await expect(page.getByRole('heading', { name: 'Accessibility of this page' })).toBeVisible()
    found['statement'] = await seriousIn(page)
    await page.keyboard.press('g')
    await page.keyboard.press('h')
    await expect(page.getByRole('heading', { name: /^Health of Porto/ })).toBeVisible()
    found['health'] = await seriousIn(page)
    expect(found).toEqual({ drawer: [], palette: [], keys: [], settings: [], statement: [], health: [] })
  })
}
