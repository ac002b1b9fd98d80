/** A real Chromium with the real page open on the loaded city, and what the browser itself says of it. */
import { readdirSync, readFileSync } from 'node:fs'
import { chromium, type Browser, type CDPSession, type Page } from '@playwright/test'
import { ensureChromium } from '../../../config/chromium.mjs'
import { cpuSecondsOfThread, pause } from './child.ts'
import { CITY } from './loaded-server.ts'
import { beginNoting, installProbe, noted } from './page-probe.ts'

export interface OpenPage {
  readonly browser: Browser
  readonly page: Page
  /** The renderer's process; its main thread, the page's, has the same number. */
  readonly rendererPid: number
  readonly cdp: CDPSession
  readonly complaints: readonly string[]
  /** Processor time since the page began. */
  look(): Promise<Spent>
  close(): Promise<void>
}

export interface Spent {
  readonly atMs: number
  /** The page's own thread, all it did: by the system's count where there is one, else by Chromium's of its tasks. */
  readonly pageS: number
  /** Parts of it: script, and style with layout. */
  readonly scriptS: number
  readonly layoutS: number
  /** The data workers' threads, by the system's count. */
  readonly workerS: number
  readonly heapBytes: number
  readonly nodes: number
  readonly listeners: number
}

const ARGUMENTS = ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run']
const SNAPSHOT_MS = 600_000

/**
 * Settles when a frame with all the sensors has come.
 *
 * Times are the thread's processor time, not the clock's: a thread that waits for a core, or for the (software)
 * graphics in their own process, is not busy.
 */
export async function openPage(url: string, sensors: number): Promise<OpenPage> {
  const browser = await chromium.launch({ executablePath: ensureChromium(), args: ARGUMENTS })
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await installProbe(page)
  await page.goto(`${url}/city/${CITY}`)
  await beginNoting(page, { delays: false, gaps: false })
  const deadline = performance.now() + SNAPSHOT_MS
  while ((await noted(page)).rows < sensors) {
    if (performance.now() > deadline) throw new Error(`the page shows ${(await noted(page)).rows} of ${sensors} sensors after ${SNAPSHOT_MS / 1_000} s; it says: ${complaints.join(' ').slice(0, 500)}`)
    await pause(500)
  }
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
  const rendererPid = await rendererOf(browser)
  const threads = workerThreads(rendererPid)
  return {
    browser,
    page,
    rendererPid,
    cdp,
    complaints,
    async look() {
      const { metrics } = await cdp.send('Performance.getMetrics')
      const of = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN
      return {
        atMs: performance.now(),
        pageS: pageSeconds(rendererPid, of('TaskDuration')),
        scriptS: of('ScriptDuration'),
        layoutS: of('LayoutDuration') + of('RecalcStyleDuration'),
        workerS: threads.length === 0 ? Number.NaN : threads.reduce((sum, { pid, thread }) => sum + cpuSecondsOfThread(pid, thread), 0),
        heapBytes: of('JSHeapUsedSize'),
        nodes: of('Nodes'),
        listeners: of('JSEventListeners'),
      }
    },
    close: () => browser.close(),
  }
}

/** What a browser's processes keep in memory, bytes; NaN where the system has no /proc. */
export async function residentBytesOf(page: Page, type: 'renderer' | 'GPU'): Promise<number> {
  const browser = page.context().browser()!
  const pids = (await processes(browser)).filter((one) => one.type === type).map(({ id }) => id)
  return pids.reduce((sum, pid) => {
    try {
      return sum + Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) * 1_024
    } catch {
      return Number.NaN // no /proc here
    }
  }, 0)
}

async function processes(browser: Browser): Promise<readonly { readonly type: string; readonly id: number }[]> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  return processInfo
}

/** Chromium keeps a spare renderer at hand, and leaves one behind on a move: the page's is the one with the data worker. */
async function rendererOf(browser: Browser): Promise<number> {
  const renderers = (await processes(browser)).filter(({ type }) => type === 'renderer').map(({ id }) => id)
  return renderers.find((pid) => workerThreads(pid).length > 0) ?? Number.NaN
}

function pageSeconds(pid: number, taskS: number): number {
  const seconds = cpuSecondsOfThread(pid, pid)
  return Number.isNaN(seconds) ? taskS : seconds
}

function workerThreads(pid: number): { readonly pid: number; readonly thread: number }[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .filter((thread) => readFileSync(`/proc/${pid}/task/${thread}/comm`, 'utf8').startsWith('DedicatedWorker'))
      .map((thread) => ({ pid, thread: Number(thread) }))
  } catch {
    return [] // no /proc here: the workers' time is then "not measured"
  }
}
