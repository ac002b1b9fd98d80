/** Choices of the operator that a link does not carry. */
import { create } from 'zustand'
import type { DomainId } from '../domains/domain-model.ts'
import type { Order } from './sensor-list.ts'

export interface Choices {
  readonly isPaused: boolean
  readonly order: Order
  readonly filter: string
  /** Layers shown in grey beneath the one that owns colour. */
  readonly ghosts: readonly DomainId[]
  /** Entity id under the cursor of the list or the map. */
  readonly highlighted: string | undefined
  /** Unusual place that is marked, by its key. */
  readonly marked: string | undefined
  /** It was marked by a single key: the list brings it into view. */
  readonly isMarkedByKey: boolean
  /** A crosshair in the middle of the map reads the sensor that is nearest to it. */
  readonly hasCrosshair: boolean
  /** Said once, as "The link is copied." */
  readonly notice: string | undefined
  /** WCAG 2.1.4: single-key shortcuts can be switched off. */
  readonly hasShortcuts: boolean
  set(choice: Partial<Omit<Choices, 'set' | 'toggleGhost'>>): void
  toggleGhost(domain: DomainId): void
}

const SHORTCUTS_KEY = 'belvedere.shortcuts'

export const useChoices = create<Choices>()((set) => ({
  isPaused: false,
  order: 'value',
  filter: '',
  ghosts: [],
  highlighted: undefined,
  marked: undefined,
  isMarkedByKey: false,
  hasCrosshair: false,
  notice: undefined,
  hasShortcuts: stored() !== 'off',
  set(choice) {
    if (choice.hasShortcuts !== undefined) store(choice.hasShortcuts ? 'on' : 'off')
    set(choice)
  },
  toggleGhost: (domain) => set(({ ghosts }) => ({ ghosts: ghosts.includes(domain) ? ghosts.filter((ghost) => ghost !== domain) : [...ghosts, domain] })),
}))

// A browser may refuse storage (private mode, policy): the choice then lasts as long as the page.
function stored(): string | null {
  try {
    return localStorage.getItem(SHORTCUTS_KEY)
  } catch {
    return null
  }
}

function store(value: string): void {
  try {
    localStorage.setItem(SHORTCUTS_KEY, value)
  } catch {
    // see `stored`
  }
}
