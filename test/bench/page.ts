/**
 * How busy the page's own thread is while fifty thousand changes a second come in, in a real Chromium with the
 * real page: with nothing open, and with each of the things open that ask more of a frame. What the same page
 * costs with one sensor and no changes is measured in the same run: what is above that is the data's.
 */
import type { Locator, Page } from '@playwright/test'
import { setHidden } from '../browser/visibility.ts'
import { atMost, type Figure } from './figure.ts'
import { pause } from './load/child.ts'
import type { OpenPage } from './load/chromium-page.ts'
import { withCity } from './load/loaded-page.ts'
import type { LoadedServer } from './load/loaded-server.ts'
import { beginNoting, noted } from './load/page-probe.ts'
import { profilePage } from './load/profile.ts'
import { traceWork, WORK_KINDS } from './load/thread-work.ts'

const SENSORS = 200_000
const RATE = { type: 'rate', perSecond: 50_000, perNotification: 500 } as const
const SETTLE_MS = 8_000
const RUN_MS = 15_000
const OPENED_MS = 3_000
const STATE_MS = 10_000
const TRACE_MS = 5_000

interface State {
  readonly name: string
  enter(page: Page): Promise<void>
  leave(page: Page): Promise<void>
}

/** Each is entered from the page with nothing open, and left again. */
const STATES: readonly State[] = [
  {
    name: 'drawer open',
    enter: openDrawer,
    leave: (page) => page.keyboard.press('Escape'),
  },
  {
    name: 'explanation open',
    enter: async (page) => {
      await page.getByRole('button', { name: /^How this number is made/ }).first().click()
      await page.getByRole('dialog').waitFor()
    },
    leave: (page) => page.keyboard.press('Escape'),
  },
  {
    name: 'list by age',
    enter: async (page) => void (await page.getByRole('combobox', { name: 'Order' }).selectOption('age')),
    leave: async (page) => void (await page.getByRole('combobox', { name: 'Order' }).selectOption('value')),
  },
  {
    name: 'against usual, drawer open',
    enter: async (page) => {
      await viewButton(page, 1).click()
      await openDrawer(page)
    },
    leave: leaveView,
  },
  {
    name: 'against the limit, drawer open',
    enter: async (page) => {
      await viewButton(page, 2).click()
      await openDrawer(page)
    },
    leave: leaveView,
  },
  {
    name: 'hidden',
    enter: (page) => setHidden(page, true),
    leave: (page) => setHidden(page, false),
  },
]

export async function measurePage({ isProfiled }: { readonly isProfiled: boolean }): Promise<Figure[]> {
  const idle = await withCity(1, async (_, page) => {
    await pause(SETTLE_MS)
    return share(page, RUN_MS)
  })
  return withCity(SENSORS, (server, page) => measureBusy(server, page, { idle, isProfiled }))
}

async function measureBusy(server: LoadedServer, page: OpenPage, { idle, isProfiled }: { readonly idle: Share; readonly isProfiled: boolean }): Promise<Figure[]> {
  await pause(SETTLE_MS)
  const silent = await share(page, RUN_MS)
  server.broker.send(RATE)
  await pause(SETTLE_MS)
  const before = await server.health()
  await beginNoting(page.page, { delays: false, gaps: false })
  const busy = await share(page, RUN_MS)
  const after = await server.health()
  const { frames, longTasks, longestTaskMs } = await noted(page.page)
  const came = (after.cities[0].brokers[0].intake.entities - before.cities[0].brokers[0].intake.entities) / (RUN_MS / 1_000)
  const coalesced = after.cities[0].hub.coalesced - before.cities[0].hub.coalesced
  const load = `${SENSORS.toLocaleString('en')} sensors, ${Math.round(came)} changes/s at the door, ${(frames / (RUN_MS / 1_000)).toFixed(1)} frames/s, ${coalesced} notifications put together`
  const figures: Figure[] = [
    { name: 'page thread, idle page', value: idle.page, unit: '%', against: 'one sensor, no changes' },
    { name: 'page thread, silent city', value: silent.page, unit: '%', against: `${SENSORS.toLocaleString('en')} sensors, no changes` },
    { name: 'page thread', value: busy.page, unit: '%', against: load, target: atMost(15) },
    { name: 'page thread above the idle page', value: busy.page - idle.page, unit: '%', against: 'the same load', target: atMost(5, 1) },
    { name: 'page thread, script', value: busy.script, unit: '%', against: `idle page ${idle.script.toFixed(1)} %` },
    { name: 'page thread, style and layout', value: busy.layout, unit: '%', against: `idle page ${idle.layout.toFixed(1)} %` },
    { name: 'long tasks of the page', value: longTasks, unit: '', against: `in ${RUN_MS / 1_000} s, the longest ${Math.round(longestTaskMs)} ms by the clock` },
    { name: 'worker busy', value: busy.worker, unit: '%', against: 'the same load' },
  ]
  console.error(`page: ${(busy.page - idle.page).toFixed(1)} % above the idle page's ${idle.page.toFixed(1)} %, nothing open; ${load}; worker ${busy.worker.toFixed(0)} %, script ${busy.script.toFixed(1)} %`)
  const work = await traceWork(page, () => pause(TRACE_MS))
  for (const kind of WORK_KINDS) figures.push({ name: `page thread by trace, ${kind}`, value: 100 * work[kind], unit: '%', against: 'nothing open' })
  if (isProfiled) await sayProfile(page, 'nothing open')
  for (const { name, enter, leave } of STATES) {
    await enter(page.page)
    await pause(OPENED_MS)
    const { page: spent } = await share(page, STATE_MS)
    figures.push({ name: `page thread above the idle page, ${name}`, value: spent - idle.page, unit: '%', against: 'the same load', target: atMost(15) })
    // A run of many minutes that is broken off has then said something.
    console.error(`page: ${(spent - idle.page).toFixed(1)} % above the idle page, ${name}`)
    if (isProfiled) await sayProfile(page, name)
    await leave(page.page)
  }
  return figures
}

interface Share {
  readonly page: number
  readonly script: number
  readonly layout: number
  readonly worker: number
}

/** Per cent of one core, over the time of a run. */
async function share(page: OpenPage, runMs: number): Promise<Share> {
  const before = await page.look()
  await pause(runMs)
  const after = await page.look()
  const of = (seconds: (spent: typeof before) => number): number => (100_000 * (seconds(after) - seconds(before))) / (after.atMs - before.atMs)
  return { page: of(({ pageS }) => pageS), script: of(({ scriptS }) => scriptS), layout: of(({ layoutS }) => layoutS), worker: of(({ workerS }) => workerS) }
}

async function sayProfile({ cdp }: OpenPage, state: string): Promise<void> {
  const { heaviest } = await profilePage(cdp, () => pause(TRACE_MS))
  console.error(`the page's thread, ${state}, by own time:\n${heaviest.join('\n')}`)
}

async function openDrawer(page: Page): Promise<void> {
  await page.locator('[data-pane=sensors] [data-key]').first().click()
  await page.getByRole('complementary', { name: 'Inspect sensor' }).waitFor()
  // A pointer that rests on the list would hold its order.
  await page.mouse.move(0, 0)
}

/** Value, usual, limit. */
function viewButton(page: Page, index: number): Locator {
  return page.getByRole('group', { name: 'View' }).getByRole('button').nth(index)
}

async function leaveView(page: Page): Promise<void> {
  await page.keyboard.press('Escape')
  await viewButton(page, 0).click()
}
