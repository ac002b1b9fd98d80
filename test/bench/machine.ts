/** On what a run was measured: without it a figure in milliseconds says nothing. */
import { cpus, loadavg, totalmem } from 'node:os'

export interface Machine {
  readonly cores: number
  readonly processor: string
  readonly memoryGiB: number
  readonly node: string
  readonly measuredAt: string
  /** Programs that wanted a core before this one began: above the number of cores, times are others' times too. */
  readonly loadBefore: number
}

export function machine(): Machine {
  const all = cpus()
  return { cores: all.length, processor: all[0]?.model.trim() ?? 'unknown', memoryGiB: Math.round(totalmem() / 2 ** 30), node: process.version, measuredAt: new Date().toISOString().slice(0, 10), loadBefore: Math.round(loadavg()[0]! * 10) / 10 }
}
