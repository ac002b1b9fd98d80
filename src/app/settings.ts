/** What a reader has set for herself and the browser keeps: her keys, and how much is said aloud. */
import { create } from 'zustand'
import { readKeyMap, type KeyMap } from './key-map.ts'

/** How much is said aloud. `state`: only what somebody must know who does not look. `all`: also what the page shows now. */
export const VERBOSITIES = ['off', 'state', 'all'] as const
export type Verbosity = (typeof VERBOSITIES)[number]

export interface Settings {
  readonly keyMap: KeyMap
  readonly verbosity: Verbosity
  set(choice: Partial<Omit<Settings, 'set'>>): void
}

const STORAGE_KEY = 'belvedere.settings'

export const useSettings = create<Settings>()((set, get) => ({
  ...readSettings(stored()),
  set(choice) {
    set(choice)
    const { keyMap, verbosity } = get()
    store(JSON.stringify({ keyMap, verbosity }))
  },
}))

/** Of an older or a newer page: what does not make sense is as it was from the start. */
export function readSettings(json: unknown): Pick<Settings, 'keyMap' | 'verbosity'> {
  const kept = typeof json === 'object' && json !== null ? new Map<string, unknown>(Object.entries(json)) : new Map<string, unknown>()
  return { keyMap: readKeyMap(kept.get('keyMap')), verbosity: VERBOSITIES.find((one) => one === kept.get('verbosity')) ?? 'state' }
}

// A browser may refuse storage (private mode, policy): settings then last as long as the page. What is kept may be anything.
function stored(): unknown {
  try {
    return JSON.parse(localStorage.getItem(STORAGE_KEY) ?? 'null')
  } catch {
    return null
  }
}

function store(text: string): void {
  try {
    localStorage.setItem(STORAGE_KEY, text)
  } catch {
    // see `stored`
  }
}
