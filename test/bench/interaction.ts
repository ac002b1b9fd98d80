/**
 * How long a hand waits while five thousand changes a second come in: from the press of a key or button to the next
 * picture, as the browser itself measures it (Event Timing, of which Interaction to Next Paint is made), over the presses
 * that an operator makes most: a sensor in the list, its drawer, words typed into the search.
 */
import type { Page } from '@playwright/test'
import { atMost, percentile, type Figure } from './figure.ts'
import { pause } from './load/child.ts'
import { withCity } from './load/loaded-page.ts'

const SENSORS = 20_000
const RATE = { type: 'rate', perSecond: 5_000, perNotification: 100 } as const
const SETTLE_MS = 8_000
const ROUNDS = 8
/** Between two presses, as a quick hand makes them. */
const PRESS_MS = 300
const TOLD_FROM_MS = 16

declare global {
  interface Window {
    /** By number of the interaction: a press is a pointer's events and a click, and lasts as long as the longest of them. */
    interactions: Map<number, number>
  }
}

const PRESSES = [
  ['the drawer', pressRows],
  ['typing in the search', type],
] as const

/** First while nothing changes, then while much does: what is above the first is the data's, the rest is this machine's drawing. */
export async function measureInteraction(): Promise<Figure[]> {
  return withCity(SENSORS, async (server, { page }) => {
    await pause(SETTLE_MS)
    const silent = await pressAll(page, 'at rest')
    server.broker.send(RATE)
    await pause(SETTLE_MS)
    const busy = await pressAll(page, '5,000 changes/s')
    const figures = PRESSES.flatMap(([name]) => [
      figureOf(name, silent.get(name)!, 'at rest'),
      figureOf(name, busy.get(name)!, '5,000 changes/s'),
    ])
    return [...figures, { name: 'from press to picture, 95 %', value: p95([...busy.values()].flat()), unit: 'ms', against: `all of them, ${SENSORS.toLocaleString('en')} sensors, 5,000 changes/s`, target: atMost(200, 100) }]
  })
}

function figureOf(name: string, lastedMs: readonly number[], when: string): Figure {
  return { name: `from press to picture, ${name}, ${when}, 95 %`, value: p95(lastedMs), unit: 'ms', against: `${lastedMs.length} presses of ${TOLD_FROM_MS} ms or more` }
}

/** By what was pressed, how long each took. */
async function pressAll(page: Page, when: string): Promise<ReadonlyMap<string, readonly number[]>> {
  const all = new Map<string, readonly number[]>()
  for (const [name, press] of PRESSES) {
    // What comes with the first press is loaded once, and is no part of what the data costs.
    await press(page)
    await watchPresses(page)
    for (let round = 0; round < ROUNDS; round++) await press(page)
    await pause(PRESS_MS)
    const lastedMs = await page.evaluate(() => [...window.interactions.values()])
    all.set(name, lastedMs)
    console.error(`interaction: ${name}, ${when}: ${lastedMs.map((ms) => ms.toFixed(0)).join(' ')} ms`)
  }
  return all
}

/** Where none took as long as the browser tells of. */
function p95(lastedMs: readonly number[]): number {
  return lastedMs.length === 0 ? TOLD_FROM_MS : percentile(lastedMs, 0.95)
}

/** Shorter ones than 16 ms are not told by the browser: they are left out, so the quantile is of the slower presses. */
async function watchPresses(page: Page): Promise<void> {
  await page.evaluate(() => {
    const isFirst = window.interactions === undefined
    window.interactions = new Map()
    if (!isFirst) return
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { interactionId = 0, duration } = entry as PerformanceEventTiming
        if (interactionId !== 0) window.interactions.set(interactionId, Math.max(window.interactions.get(interactionId) ?? 0, duration))
      }
    }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit)
  })
}

async function pressRows(page: Page): Promise<void> {
  await page.locator('[data-pane=side] button', { hasText: 'All sensors' }).click()
  await page.locator('[data-pane=sensors] [data-key]').first().click()
  await page.getByRole('complementary').first().waitFor()
  await pause(PRESS_MS)
  await page.keyboard.press('Escape')
  await pause(PRESS_MS)
}

async function type(page: Page): Promise<void> {
  await page.keyboard.press('/')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.type('noise 12', { delay: PRESS_MS / 2 })
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
}
