/** A program of the bench in a process of its own, asked and answered by messages. */
import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Child<To, From extends { readonly type: string }> {
  readonly pid: number
  send(message: To): void
  /** The next message of the type; rejects when the process ends before. */
  next<T extends From['type']>(type: T): Promise<Extract<From, { readonly type: T }>>
  end(): void
}

export function startChild<To, From extends { readonly type: string }>(program: 'broker' | 'readers', args: readonly string[]): Child<To, From> {
  const child = fork(join(import.meta.dirname, `${program}.js`), args, { serialization: 'advanced' })
  return {
    pid: child.pid!,
    send: (message) => void child.send(message as object),
    next: (type) =>
      new Promise((resolve, reject) => {
        // The type of what comes is told by its `type`, which the caller names.
        const hear = (message: unknown): void => {
          if ((message as From).type === type) settle(() => resolve(message as never))
        }
        const gone = (status: number | null): void => settle(() => reject(new Error(`${program} ended with ${status}`)))
        const settle = (how: () => void): void => {
          child.off('message', hear)
          child.off('exit', gone)
          how()
        }
        child.on('message', hear)
        child.on('exit', gone)
      }),
    end: () => void child.kill('SIGTERM'),
  }
}

/** Processor time of a process, all its threads, seconds; NaN where the system has no /proc. */
export function cpuSecondsOf(pid: number): number {
  return cpuIn(`/proc/${pid}/stat`)
}

/** Processor time by a thread's name: Chromium names those of a page and of its workers. */
export function cpuSecondsOfThread(pid: number, thread: number): number {
  return cpuIn(`/proc/${pid}/task/${thread}/stat`)
}

// Fields 14 and 15 of proc(5), in ticks; the name before them may have spaces and brackets of its own.
const TICKS_PER_SECOND = 100

function cpuIn(file: string): number {
  try {
    const fields = readFileSync(file, 'utf8').split(') ').at(-1)!.split(' ')
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
  } catch {
    return Number.NaN // ended meanwhile, or a system without /proc: the figure is then "not measured"
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
