/**
 * `npm run soak -- --minutes N [--sensors N] [--rate N] [--profile]`: a real Chromium with a large living city for a long
 * time. Does memory grow, are frames dropped, does the picture fall behind? The report goes to `test-results/`
 * as JSON and as text. It ends badly only when the page died or its picture stood still.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { percentile } from './figure.ts'
import { pause } from './load/child.ts'
import { openPage, residentBytesOf, type OpenPage, type Spent } from './load/chromium-page.ts'
import { startLoadedServer, type LoadedServer } from './load/loaded-server.ts'
import { beginNoting, noted, type Noted } from './load/page-probe.ts'
import { profilePage } from './load/profile.ts'
import { machine } from './machine.ts'
import { slopeOf } from './slope.ts'
import { workerHeapBytes } from './load/worker-heap.ts'

const FOLDER = 'test-results'
const MB = 1e6
const PER_NOTIFICATION = 50
/** Caches fill and code is compiled in the beginning: what grows then says nothing. */
const WARM_UP_SHARE = 0.25
const SAMPLES = 24
/** A page without a new picture for so long has stopped; one that is slower than it should be has not. */
const STANDSTILL_MS = 60_000
const PROFILE_MS = 15_000
const [SHORTEST_MS, LONGEST_MS] = [10_000, 60_000]

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' }, sensors: { type: 'string', default: '100000' }, rate: { type: 'string', default: '5000' }, profile: { type: 'boolean', default: false } } })
const [minutes, sensors, rate] = [Number(values.minutes), Number(values.sensors), Number(values.rate)]
if (![minutes, sensors, rate].every((value) => value > 0)) {
  console.error('usage: npm run soak -- [--minutes N] [--sensors N] [--rate entities a second] [--profile]')
  process.exit(2)
}

interface Sample {
  readonly atMs: number
  /** After a collection. */
  readonly pageHeapMb: number
  readonly workerHeapMb: number
  readonly rendererMb: number
  readonly serverMb: number
  readonly nodes: number
  readonly listeners: number
  readonly noted: Noted
  /** Per cent of a core since the look before, without what looking itself costs. */
  readonly pageBusy: number
  readonly workerBusy: number
  readonly coalesced: number
  readonly entities: number
}

process.exitCode = await soak()
process.exit()

async function soak(): Promise<number> {
  const server = await startLoadedServer(sensors)
  let page: OpenPage | undefined
  try {
    page = await openPage(server.url, sensors)
    server.broker.send({ type: 'rate', perSecond: rate, perNotification: PER_NOTIFICATION })
    const samples: Sample[] = []
    const everyMs = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, (minutes * 60_000) / SAMPLES))
    const endMs = performance.now() + minutes * 60_000
    let failure: string | undefined
    let movedAtMs = performance.now()
    while (failure === undefined && performance.now() < endMs) {
      await beginNoting(page.page, { delays: true, gaps: true })
      const before = await page.look()
      await pause(Math.min(everyMs, Math.max(1_000, endMs - performance.now())))
      try {
        const sample = await look(server, page, before)
        samples.push(sample)
        if (sample.noted.frames > 0) movedAtMs = performance.now()
        if (performance.now() - movedAtMs > STANDSTILL_MS) failure = `no frame came within ${STANDSTILL_MS / 1_000} s`
        console.error(`${String(samples.length).padStart(3)}  page ${sample.pageHeapMb.toFixed(1)} MB, worker ${sample.workerHeapMb.toFixed(1)} MB, ${sample.noted.frames} frames, behind ${Math.round(percentile(sample.noted.behindMs, 0.95))} ms`)
      } catch (error) {
        failure = `the page died: ${error instanceof Error ? error.message : String(error)}`
      }
    }
    const { text, json } = report(samples, page.complaints, failure)
    mkdirSync(FOLDER, { recursive: true })
    writeFileSync(`${FOLDER}/soak.json`, `${JSON.stringify(json, undefined, 2)}\n`)
    writeFileSync(`${FOLDER}/soak.txt`, text)
    console.log(text)
    if (values.profile && failure === undefined) {
      const { profile, heaviest } = await profilePage(page.cdp, () => pause(PROFILE_MS))
      writeFileSync(`${FOLDER}/soak.cpuprofile`, JSON.stringify(profile))
      console.log(`the page's thread over ${PROFILE_MS / 1_000} s, by own time:\n${heaviest.join('\n')}`)
    }
    return failure === undefined ? 0 : 1
  } finally {
    await page?.close().catch(() => undefined) // one that died is closed already
    await server.stop()
  }
}

async function look(server: LoadedServer, page: OpenPage, before: Spent): Promise<Sample> {
  // Before the collection, whose pause is not the page's doing.
  const after = await page.look()
  const seen = await noted(page.page)
  const workerBytes = await workerHeapBytes(page.cdp)
  await page.cdp.send('HeapProfiler.collectGarbage')
  const { heapBytes, nodes, listeners } = await page.look()
  const { memory, cities } = await server.health()
  const [{ hub, brokers }] = cities
  return {
    atMs: performance.now(),
    pageHeapMb: heapBytes / MB,
    workerHeapMb: workerBytes / MB,
    rendererMb: (await residentBytesOf(page.page, 'renderer')) / MB,
    serverMb: memory.rssBytes / MB,
    nodes,
    listeners,
    noted: seen,
    pageBusy: (100_000 * (after.pageS - before.pageS)) / (after.atMs - before.atMs),
    workerBusy: (100_000 * (after.workerS - before.workerS)) / (after.atMs - before.atMs),
    coalesced: hub.coalesced,
    entities: brokers[0].intake.entities,
  }
}

function report(samples: readonly Sample[], complaints: readonly string[], failure: string | undefined) {
  const warm = samples.slice(Math.floor(samples.length * WARM_UP_SHARE))
  const [first, last] = [warm[0], warm.at(-1)]
  const sum = (of: (noted: Noted) => number): number => warm.reduce((total, sample) => total + of(sample.noted), 0)
  const highest = (of: (noted: Noted) => number): number => warm.reduce((most, sample) => Math.max(most, of(sample.noted)), 0)
  const slope = (of: (sample: Sample) => number): readonly [perHour: number, within: number] => {
    const { perHour, within } = slopeOf(warm.map((sample) => ({ atMs: sample.atMs, value: of(sample) })))
    return [perHour, within]
  }
  const behindMs = warm.flatMap(({ noted: { behindMs: all } }) => all)
  const delaysMs = warm.flatMap(({ noted: { delaysMs: all } }) => all)
  const spanS = first === undefined || last === undefined ? Number.NaN : (last.atMs - first.atMs) / 1_000
  const summary = {
    minutes,
    sensors,
    wantedPerSecond: rate,
    failure,
    changesPerSecond: first === undefined || last === undefined ? Number.NaN : (last.entities - first.entities) / spanS,
    pageHeapMb: last?.pageHeapMb,
    pageHeapMbPerHour: slope(({ pageHeapMb }) => pageHeapMb),
    workerHeapMb: last?.workerHeapMb,
    workerHeapMbPerHour: slope(({ workerHeapMb }) => workerHeapMb),
    rendererMb: last?.rendererMb,
    rendererMbPerHour: slope(({ rendererMb }) => rendererMb),
    serverMb: last?.serverMb,
    serverMbPerHour: slope(({ serverMb }) => serverMb),
    pageBusyPercent: mean(warm.map(({ pageBusy }) => pageBusy)),
    workerBusyPercent: mean(warm.map(({ workerBusy }) => workerBusy)),
    framesPerSecond: sum(({ frames }) => frames) / ((spanS * warm.length) / Math.max(1, warm.length - 1)),
    delayP50Ms: percentile(delaysMs, 0.5),
    delayP95Ms: percentile(delaysMs, 0.95),
    behindP95Ms: percentile(behindMs, 0.95),
    behindMaxMs: behindMs.reduce((most, ms) => Math.max(most, ms), 0),
    missedAnimationFrames: sum(({ missed }) => missed),
    animationFrames: sum(({ animationFrames }) => animationFrames),
    longestGapMs: highest(({ longestGapMs }) => longestGapMs),
    longTasks: sum(({ longTasks }) => longTasks),
    longestTaskMs: highest(({ longestTaskMs }) => longestTaskMs),
    nodes: [first?.nodes, last?.nodes],
    listeners: [first?.listeners, last?.listeners],
    notificationsPutTogether: first === undefined || last === undefined ? Number.NaN : last.coalesced - first.coalesced,
    complaints: complaints.slice(0, 20),
  }
  const text = Object.entries(summary)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name.padEnd(26)} ${wordsOf(name, value)}\n`)
    .join('')
  // The single delays would be megabytes; their percentiles are in the summary.
  const json = { machine: machine(), summary, samples: samples.map((sample) => ({ ...sample, noted: { ...sample.noted, delaysMs: sample.noted.delaysMs.length, behindMs: sample.noted.behindMs.length } })) }
  return { text, json }
}

function wordsOf(name: string, value: unknown): string {
  const words = (one: unknown): string => (typeof one === 'number' ? (Number.isFinite(one) ? String(Number(one.toPrecision(4))) : 'not measured') : String(one))
  if (!Array.isArray(value) || name === 'complaints') return words(value)
  // A slope stands with its 95 % interval, which is wide after minutes.
  return value.map(words).join(name.endsWith('PerHour') ? ' ± ' : ' to ')
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
