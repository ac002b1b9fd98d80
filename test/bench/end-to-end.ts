/**
 * From the relay's door to the screen, in a real Chromium with the real page: how late a change is drawn, and
 * how busy the page's own thread is while fifty thousand changes a second come in.
 */
import { atMost, percentile, type Figure } from './figure.ts'
import { pause } from './load/child.ts'
import { openPage, type OpenPage } from './load/chromium-page.ts'
import { startLoadedServer, type LoadedServer } from './load/loaded-server.ts'
import { beginNoting, noted } from './load/page-probe.ts'

const SETTLE_MS = 8_000
const RUN_MS = 15_000
const FEWEST_FRAMES = 20
const LONGEST_MS = 60_000

export async function measureEndToEnd(): Promise<Figure[]> {
  const delay = await withCity(100_000, measureDelay)
  // A page with two hundred thousand sensors is not idle, even when none of them speaks.
  const idle = await withCity(1, async (_, page) => {
    await pause(SETTLE_MS)
    return share(page)
  })
  return [...delay, ...(await withCity(200_000, (server, page) => measureBusy(server, page, idle)))]
}

async function withCity<T>(sensors: number, measure: (server: LoadedServer, page: OpenPage) => Promise<T>): Promise<T> {
  const server = await startLoadedServer(sensors)
  try {
    const page = await openPage(server.url, sensors)
    try {
      return await measure(server, page)
    } finally {
      await page.close()
    }
  } finally {
    await server.stop()
  }
}

async function measureDelay(server: LoadedServer, { page }: OpenPage): Promise<Figure[]> {
  server.broker.send({ type: 'rate', perSecond: 5_000, perNotification: 50 })
  await pause(SETTLE_MS)
  await beginNoting(page, { delays: true, gaps: false })
  const beganAt = performance.now()
  // A page that hardly draws is watched for longer: two frames make no p95.
  do await pause(RUN_MS)
  while ((await noted(page)).frames < FEWEST_FRAMES && performance.now() - beganAt < LONGEST_MS)
  const { delaysMs, frames } = await noted(page)
  const under = `100,000 sensors, 5,000 changes/s, ${(frames / ((performance.now() - beganAt) / 1_000)).toFixed(2)} frames/s`
  return [
    { name: 'door to frame, median', value: percentile(delaysMs, 0.5), unit: 'ms', against: under },
    { name: 'door to frame, p95', value: percentile(delaysMs, 0.95), unit: 'ms', against: `${delaysMs.length} changes seen`, target: atMost(500, 150) },
  ]
}

async function measureBusy(server: LoadedServer, page: OpenPage, idle: Share): Promise<Figure[]> {
  await pause(SETTLE_MS)
  const silent = await share(page)
  server.broker.send({ type: 'rate', perSecond: 50_000, perNotification: 500 })
  await pause(SETTLE_MS)
  const before = await server.health()
  await beginNoting(page.page, { delays: false, gaps: false })
  const busy = await share(page)
  const after = await server.health()
  const { frames, longTasks, longestTaskMs } = await noted(page.page)
  const came = (after.cities[0].brokers[0].intake.entities - before.cities[0].brokers[0].intake.entities) / (RUN_MS / 1_000)
  const coalesced = after.cities[0].hub.coalesced - before.cities[0].hub.coalesced
  const load = `200,000 sensors, ${Math.round(came)} changes/s at the door, ${(frames / (RUN_MS / 1_000)).toFixed(1)} frames/s, ${coalesced} notifications put together`
  return [
    { name: 'page thread busy, idle page', value: idle.task, unit: '%', against: 'one sensor, no changes' },
    { name: 'page thread busy, silent city', value: silent.task, unit: '%', against: '200,000 sensors, no changes' },
    { name: 'page thread busy', value: busy.task, unit: '%', against: load, target: atMost(15) },
    { name: 'page thread busy above the idle page', value: busy.task - idle.task, unit: '%', against: 'the same load', target: atMost(5, 1) },
    { name: 'page thread in script', value: busy.script, unit: '%', against: `idle page ${idle.script.toFixed(1)} %` },
    { name: 'long tasks of the page', value: longTasks, unit: '', against: `in ${RUN_MS / 1_000} s, the longest ${Math.round(longestTaskMs)} ms` },
    { name: 'worker busy', value: busy.worker, unit: '%', against: 'the same load' },
  ]
}

interface Share {
  readonly task: number
  readonly script: number
  readonly worker: number
}

/** Of one core, over the time of a run. */
async function share(page: OpenPage): Promise<Share> {
  const before = await page.look()
  await pause(RUN_MS)
  const after = await page.look()
  const wallS = (after.atMs - before.atMs) / 1_000
  return { task: ((after.taskS - before.taskS) / wallS) * 100, script: ((after.scriptS - before.scriptS) / wallS) * 100, worker: ((after.workerS - before.workerS) / wallS) * 100 }
}
