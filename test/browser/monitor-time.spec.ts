/** The Monitor screen in the past and standing still: never taken for live, and all of one instant. */
import { drawerOf, rows, sentence, tile } from './monitor-page.ts'
import { expect, test, type Page } from './shared-server.ts'

test('a link opens the same layer, sensor and time; all of it is of that instant, and looks unlike live', async ({ page, request, server }) => {
  const answer = await request.get(`${server.url}/ngsi-ld/v1/entities?type=AirQualityObserved&limit=1`, { headers: { 'NGSILD-Tenant': 'porto' } })
  const [{ id }] = (await answer.json()) as [{ id: string }]
  const atMs = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 30 * 3_600_000
  const at = new Date(atMs).toISOString().replace('.000', '')
  await page.goto(`${server.url}/city/porto?layer=air-quality&sel=${id}&t=${at}&list=all`)
  await expect(sentence(page)).toContainText('Porto as it was')
  await expect(page.getByRole('banner')).toContainText('history')
  await expect(tile(page, 'Air quality')).toHaveAttribute('aria-pressed', 'true')
  await expect(tile(page, 'Noise')).toContainText(/dB\(A\)/)
  await expect(page.getByText(id).first()).toBeAttached()
  await page.getByRole('button', { name: 'Now', exact: true }).click()
  await expect(sentence(page)).not.toContainText('as it was')
  await expect(page.getByRole('banner')).toContainText('live')
  await page.goBack()
  await expect(sentence(page)).toContainText('as it was')

  await test.step('in the past, all of the drawer is of that instant', async () => {
    await tile(page, 'Noise').click()
    await rows(page).first().click()
    const last = drawerOf(page).getByRole('region', { name: 'Last reading' })
    // Porto's clock is Greenwich's in winter and an hour ahead in summer; the day tells enough, the hour before the instant.
    const shown = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Lisbon', day: 'numeric', month: 'short', year: 'numeric' }).format(atMs - 1_000)
    await expect(last).toContainText(shown)
    await expect(drawerOf(page)).toContainText(/ before · expected every minute|at that moment/)
    await expect(drawerOf(page)).not.toContainText(/ ago/)
    await expect(drawerOf(page)).toContainText('Raw NGSI-LD, as the broker has it now')
  })
})

test('paused, stepped and typed, the time is never taken for live', async ({ page, server }) => {
  await page.goto(`${server.url}/city/porto`)
  await expect(sentence(page)).toContainText(/(\d+) of \1 layers report/)
  await test.step('while the past is read the page says so, and shows no value of now', async () => {
    let release = (): void => undefined
    const held = new Promise<void>((done) => (release = done))
    await page.context().route('**/temporal/**', async (route) => {
      await held
      await route.continue()
    })
    await page.getByRole('button', { name: 'One hour earlier' }).click()
    await expect(sentence(page)).toContainText(/^Reading Porto as it was on /)
    await expect(tile(page, 'Noise')).toContainText('Reading…')
    await expect(tile(page, 'Noise')).not.toContainText('dB(A)')
    await expect(page.getByText(/^Reading \w{3} \d+ \w{3} \d\d:\d\d…$/).first()).toBeVisible()
    release()
    await expect(sentence(page)).toContainText('Porto as it was on')
    await expect(tile(page, 'Noise')).toContainText('dB(A)')
    await page.keyboard.press('n')
    await expect(sentence(page)).toContainText(/(\d+) of \1 layers report/)
  })
  await test.step('paused, nothing moves; resumed, it is live again', async () => {
    await page.getByRole('button', { name: 'Pause' }).click()
    await expect(page.getByRole('banner')).toContainText('paused')
    const tiles = page.getByRole('region', { name: 'Layers' }).locator('button[aria-pressed]')
    // Values stand still; that they grow older is said. What describes a tile may still hear of its day, which is read beside it.
    const values = async (): Promise<string> => (await tiles.allInnerTexts()).join('\n').replaceAll(/\s·\s[^·\n]*\sago/gi, '')
    const before = await values()
    expect(before).toContain('dB(A)')
    await page.waitForTimeout(4_000)
    expect(await values()).toBe(before)
    await page.getByRole('button', { name: /Resume/ }).click()
    await expect(page.getByRole('banner')).toContainText('live')
  })
  await test.step('a time is typed and stepped on a 24-hour clock, and the year of another year is said', async () => {
    await expect(page.getByRole('group', { name: /Date and time/ })).not.toContainText(/AM|PM/i)
    await part(page, 'Year').focus()
    const lastYear = new Date().getFullYear() - 1
    await page.keyboard.type(`${lastYear}03120805`)
    await expect(part(page, 'Minute')).toBeFocused()
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(new RegExp(`t=${lastYear}-03-12T08:05:00Z`))
    await expect(page.getByRole('banner')).toContainText(`12 Mar ${lastYear}`)
    await expect(sentence(page)).toContainText(`12 Mar ${lastYear} at 08:05`)
    await part(page, 'Hour').focus()
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Escape')
    await expect(part(page, 'Hour')).toHaveValue('08')
  })
})

function part(page: Page, name: string): ReturnType<typeof rows> {
  return page.getByRole('spinbutton', { name, exact: true })
}
