/**
 * From the relay's door to the screen, in a real Chromium with the real page and the real server: how late a
 * change is drawn. How busy the page is meanwhile is `page.ts`.
 */
import { atMost, percentile, type Figure } from './figure.ts'
import { pause } from './load/child.ts'
import { withCity } from './load/loaded-page.ts'
import { beginNoting, noted } from './load/page-probe.ts'

const SENSORS = 100_000
const PER_SECOND = 5_000
const PER_NOTIFICATION = 50
const SETTLE_MS = 8_000
const RUN_MS = 15_000
const FEWEST_FRAMES = 20
const LONGEST_MS = 60_000

export function measureEndToEnd(): Promise<Figure[]> {
  return withCity(SENSORS, async (server, { page }) => {
    server.broker.send({ type: 'rate', perSecond: PER_SECOND, perNotification: PER_NOTIFICATION })
    await pause(SETTLE_MS)
    const before = await server.health()
    await beginNoting(page, { delays: true, gaps: false })
    const beganAt = performance.now()
    // A page that hardly draws is watched for longer: two frames make no p95.
    do await pause(RUN_MS)
    while ((await noted(page)).frames < FEWEST_FRAMES && performance.now() - beganAt < LONGEST_MS)
    const spanS = (performance.now() - beganAt) / 1_000
    const { delaysMs, behindMs, frames } = await noted(page)
    const after = await server.health()
    const came = (after.cities[0].brokers[0].intake.entities - before.cities[0].brokers[0].intake.entities) / spanS
    const under = `${SENSORS.toLocaleString('en')} sensors, ${Math.round(came)} changes/s, ${(frames / spanS).toFixed(2)} frames/s`
    return [
      { name: 'door to frame, median', value: percentile(delaysMs, 0.5), unit: 'ms', against: under },
      { name: 'door to frame, p95', value: percentile(delaysMs, 0.95), unit: 'ms', against: `${delaysMs.length} changes seen`, target: atMost(500, 150) },
      { name: 'newest change of a frame, as it is drawn, p95', value: percentile(behindMs, 0.95), unit: 'ms', against: 'how far the screen is behind' },
    ]
  })
}
