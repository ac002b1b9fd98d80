/** On what a run was measured: without it a figure in milliseconds says nothing. */
import { cpus, totalmem } from 'node:os'

export interface Machine {
  readonly cores: number
  readonly processor: string
  readonly memoryGiB: number
  readonly node: string
  readonly measuredAt: string
}

export function machine(): Machine {
  const all = cpus()
  return { cores: all.length, processor: all[0]?.model.trim() ?? 'unknown', memoryGiB: Math.round(totalmem() / 2 ** 30), node: process.version, measuredAt: new Date().toISOString().slice(0, 10) }
}
