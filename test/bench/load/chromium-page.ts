/** A real Chromium with the real page open on the loaded city, and what the browser itself says of it. */
import { readdirSync, readFileSync } from 'node:fs'
import { chromium, type Browser, type CDPSession, type Page } from '@playwright/test'
import { ensureChromium } from '../../../config/chromium.mjs'
import { cpuSecondsOfThread, pause } from './child.ts'
import { CITY } from './loaded-server.ts'
import { beginNoting, installProbe, noted } from './page-probe.ts'

export interface OpenPage {
  readonly page: Page
  readonly cdp: CDPSession
  readonly complaints: readonly string[]
  /** Processor time since the page began. */
  look(): Promise<Spent>
  close(): Promise<void>
}

export interface Spent {
  readonly atMs: number
  /** Tasks of the page's own thread, as Chromium counts them, and the script part of it. */
  readonly taskS: number
  readonly scriptS: number
  /** The data workers' threads, by the system's count. */
  readonly workerS: number
  readonly heapBytes: number
  readonly nodes: number
  readonly listeners: number
}

const ARGUMENTS = ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run']
const SNAPSHOT_MS = 180_000

/** Settles when a frame with all the sensors has come. */
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
  await cdp.send('Performance.enable')
  const threads = await workerThreads(browser)
  return {
    page,
    cdp,
    complaints,
    async look() {
      const { metrics } = await cdp.send('Performance.getMetrics')
      const of = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN
      return {
        atMs: performance.now(),
        taskS: of('TaskDuration'),
        scriptS: of('ScriptDuration'),
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

async function workerThreads(browser: Browser): Promise<{ readonly pid: number; readonly thread: number }[]> {
  const renderers = (await processes(browser)).filter(({ type }) => type === 'renderer')
  return renderers.flatMap(({ id: pid }) => {
    try {
      return readdirSync(`/proc/${pid}/task`)
        .filter((thread) => readFileSync(`/proc/${pid}/task/${thread}/comm`, 'utf8').startsWith('DedicatedWorker'))
        .map((thread) => ({ pid, thread: Number(thread) }))
    } catch {
      return [] // no /proc here: the workers' time is then "not measured"
    }
  })
}
