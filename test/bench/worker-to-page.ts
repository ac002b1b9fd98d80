/**
 * Handing a frame of a million sensors from a worker to the page in a real Chromium: buffers that move and
 * come back, as frames do, against copies of the same buffers. And the frames of several cities from the workers
 * that the page's pool would have.
 */
import { chromium } from '@playwright/test'
import { ensureChromium } from '../../config/chromium.mjs'
import { createFrameBufferPool, frameTransfers } from '../../src/workers/aggregator/frame-buffers.ts'
import { workersFor } from '../../src/workers/city-pool.client.ts'
import type { Figure } from './figure.ts'

const SENSORS = 1_000_000
const CELLS = 20_000
const CITY_SENSORS = 100_000
const CITIES = [1, 2, 4]

export async function measureWorkerToPage(): Promise<Figure[]> {
  const buffers = createFrameBufferPool().take(SENSORS, CELLS)
  const sizes = frameTransfers(buffers).map(({ byteLength }) => byteLength)
  const browser = await chromium.launch({ executablePath: ensureChromium(), args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage()
    const { moved, copied } = await page.evaluate(handOver, sizes)
    const cores = await page.evaluate(() => navigator.hardwareConcurrency)
    const workers = workersFor(cores)
    const citySizes = frameTransfers(createFrameBufferPool().take(CITY_SENSORS, CELLS)).map(({ byteLength }) => byteLength)
    const shared: Figure[] = []
    for (const cities of CITIES) {
      const { pageMs, roundMs } = await page.evaluate(handOverCities, { sizes: citySizes, cities, workers })
      const frames = cities === 1 ? 'a frame of 100,000 sensors of one city' : `a frame of 100,000 sensors of each of ${cities} cities`
      shared.push({ name: `${frames} from the pool, page thread`, value: pageMs, unit: 'ms', against: `${Math.min(cities, workers)} of ${workers} workers on ${cores} cores; there and back ${roundMs.toFixed(1)} ms` })
    }
    const bytes = `${Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1e6)} MB a frame`
    return [
      { name: 'frame of 1,000,000 sensors to the page, page thread', value: moved.pageMs, unit: 'ms', against: bytes },
      { name: 'the same, there and back', value: moved.roundMs, unit: 'ms' },
      { name: 'page thread, buffers moved instead of copied', value: moved.pageMs / copied.pageMs, unit: '×', against: `copying: ${copied.pageMs.toFixed(1)} ms on the page, ${copied.roundMs.toFixed(1)} ms there and back` },
      ...shared,
    ]
  } finally {
    await browser.close()
  }
}

/** Runs in the page. */
async function handOver(sizes: readonly number[]): Promise<{ moved: { pageMs: number; roundMs: number }; copied: { pageMs: number; roundMs: number } }> {
  // A page's clock ticks in tenths of a millisecond: many short spans together are exact, one is not.
  const ROUNDS = 200
  const source = `
    let buffers = ${JSON.stringify(sizes)}.map((size) => new ArrayBuffer(size))
    onmessage = ({ data }) => {
      if (data.buffers !== undefined) buffers = data.buffers
      postMessage(buffers, data.move ? buffers : [])
    }`
  async function time(move: boolean): Promise<{ pageMs: number; roundMs: number }> {
    const worker = new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })))
    let pageMs = 0
    let roundMs = 0
    let buffers: ArrayBuffer[] | undefined
    for (let i = 0; i < ROUNDS; i++) {
      const startedAt = performance.now()
      const cameBack = new Promise<number>((resolve) => {
        const hear = (event: MessageEvent<ArrayBuffer[]>): void => {
          // What the page pays: the message is put together when it is first looked at.
          const receivedAt = performance.now()
          buffers = event.data
          resolve(performance.now() - receivedAt)
        }
        worker.addEventListener('message', hear, { once: true })
      })
      const postedAt = performance.now()
      const isBack = move && buffers !== undefined
      worker.postMessage({ move, ...(isBack && { buffers }) }, isBack ? buffers! : [])
      const postMs = performance.now() - postedAt
      const receiveMs = await cameBack
      pageMs += postMs + receiveMs
      roundMs += performance.now() - startedAt
    }
    worker.terminate()
    return { pageMs: pageMs / ROUNDS, roundMs: roundMs / ROUNDS }
  }
  return { moved: await time(true), copied: await time(false) }
}

/** Runs in the page. A round is over when every city's frame has come; all buffers go back for the next. */
async function handOverCities({ sizes, cities, workers }: { readonly sizes: readonly number[]; readonly cities: number; readonly workers: number }): Promise<{ pageMs: number; roundMs: number }> {
  const ROUNDS = 200
  const source = `
    const sizes = ${JSON.stringify(sizes)}
    onmessage = ({ data: { place, buffers = sizes.map((size) => new ArrayBuffer(size)) } }) => postMessage({ place, buffers }, buffers)`
  const pool = Array.from({ length: Math.min(cities, workers) }, () => new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))))
  const held: (ArrayBuffer[] | undefined)[] = Array.from({ length: cities })
  let pageMs = 0
  let waiting = 0
  let done = (): void => undefined
  const hear = (event: MessageEvent<{ readonly place: number; readonly buffers: ArrayBuffer[] }>): void => {
    const receivedAt = performance.now()
    const { place, buffers } = event.data
    held[place] = buffers
    pageMs += performance.now() - receivedAt
    if (--waiting === 0) done()
  }
  for (const worker of pool) worker.addEventListener('message', hear)
  let startedAt = 0
  // The first rounds make the buffers.
  for (let round = -10; round < ROUNDS; round++) {
    if (round === 0) [startedAt, pageMs] = [performance.now(), 0]
    const all = new Promise<void>((resolve) => (done = resolve))
    waiting = cities
    const postedAt = performance.now()
    for (let place = 0; place < cities; place++) {
      const buffers = held[place]
      pool[place % pool.length]!.postMessage({ place, buffers }, buffers ?? [])
    }
    pageMs += performance.now() - postedAt
    await all
  }
  const roundMs = (performance.now() - startedAt) / ROUNDS
  for (const worker of pool) worker.terminate()
  return { pageMs: pageMs / ROUNDS, roundMs }
}
