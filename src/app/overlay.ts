/** Which dialog lies over the page: one at a time, whoever asks for it. */
import { create } from 'zustand'

export type OverlayName = 'palette' | 'keys' | 'settings' | 'save' | 'cite'

export interface Overlay {
  readonly open: OverlayName | undefined
  show(open: OverlayName | undefined): void
}

export const useOverlay = create<Overlay>()((set) => ({
  open: undefined,
  show: (open) => set({ open }),
}))
