/** Where the page's thread spends its time: a sampled profile, and its heaviest functions in words. */
import type { CDPSession } from '@playwright/test'

/** The part of a Chromium profile that is read here; what is written to a file is all of it. */
export interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number; readonly columnNumber: number } }[]
  readonly samples?: readonly number[]
  readonly timeDeltas?: readonly number[]
}

const SAMPLE_US = 1_000

export async function profilePage(cdp: CDPSession, wait: () => Promise<void>): Promise<{ readonly profile: Profile; readonly heaviest: readonly string[] }> {
  const profile = await take(cdp, wait)
  return { profile, heaviest: heaviestOf(profile, 15) }
}

async function take(cdp: CDPSession, wait: () => Promise<void>): Promise<Profile> {
  await cdp.send('Profiler.enable')
  await cdp.send('Profiler.setSamplingInterval', { interval: SAMPLE_US })
  await cdp.send('Profiler.start')
  await wait()
  const { profile } = await cdp.send('Profiler.stop')
  await cdp.send('Profiler.disable')
  return profile
}

/** By their own time, without what they call. */
function heaviestOf({ nodes, samples = [], timeDeltas = [] }: Profile, count: number): string[] {
  const names = new Map(nodes.map(({ id, callFrame: { functionName, url, lineNumber, columnNumber } }) => [id, `${functionName || '(anonymous)'} ${url.split('/').at(-1)}:${lineNumber + 1}:${columnNumber + 1}`]))
  const ownUs = new Map<string, number>()
  let allUs = 0
  for (const [index, id] of samples.entries()) {
    const us = timeDeltas[index] ?? 0
    const name = names.get(id) ?? '?'
    ownUs.set(name, (ownUs.get(name) ?? 0) + us)
    allUs += us
  }
  return [...ownUs]
    .sort(([, a], [, b]) => b - a)
    .slice(0, count)
    .map(([name, us]) => `${((us / allUs) * 100).toFixed(1).padStart(5)} %  ${name}`)
}
