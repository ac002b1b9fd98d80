/**
 * The drawing half of a domain's contract: from a frame to deck.gl layers, and what the operator
 * reads beside the map.
 */
import type { Layer } from '@deck.gl/core'
import type { ComponentType } from 'react'
import type { Message } from '../language/say.ts'
import type { DomainModel, Reading } from './domain-model.ts'
import type { Frame, Roster } from './frame.ts'

export type Theme = 'day' | 'night'

export interface LayerOptions {
  readonly theme: Theme
  /** Map zoom: cells far out, single sensors close up, cross-faded between. */
  readonly zoom: number
  /** False for a layer that is shown as a grey ghost. */
  readonly ownsColour: boolean
  /** Row of the roster that is open beside the map, or -1. */
  readonly selectedRow: number
  /** Row that the list or the pointer is on, or -1. */
  readonly highlightedRow?: number
  /** Whose rows the frame's are. Comes back with each pick. */
  readonly roster?: Roster
  /** Absent when nothing may move by itself. `again` asks to be drawn on the next animation frame. */
  readonly motion?: { readonly nowMs: number; again(): void }
  /** Rows of which too few are known to show: drawn hatched. */
  readonly tooFewRows?: readonly number[]
  readonly onPick?: (pick: { readonly row: number } | { readonly cell: number }) => void
}

/** What one sensor said over the day that the drawer's chart shows. */
export interface Day {
  /** Ascending. */
  readonly readings: readonly Reading[]
  readonly fromMs: number // inclusive
  readonly toMs: number // exclusive
  /** IANA zone of the city. */
  readonly timeZone: string
}

export interface PanelProps {
  readonly frame: Frame
  readonly roster: Roster
  /** Last reading of the selected sensor. */
  readonly reading?: Reading
  /** Absent until the broker has answered. */
  readonly day?: Day
}

export type DrawLayers = (frame: Frame, options: LayerOptions) => readonly Layer[]

export interface DomainView {
  readonly model: DomainModel
  /** Loads `layer.ts`. It brings deck.gl with it, so the shell and its first sentence never wait for it. */
  loadLayers(): Promise<DrawLayers>
  /** A value of the headline as people read it, with its unit: "61 dB(A)", "Fair". */
  format(value: number): string
  /** What the operator reads in the drawer: this domain's own words and numbers. */
  readonly Panel: ComponentType<PanelProps>
  /** Every text of the model as a message, by its English text; a number or a formula needs none. */
  readonly words: readonly Message[]
}
