/**
 * An explanation that stays live beside the number it is of, at a price: who counts, how old they are and what is
 * doubtful is asked of every sensor, so it is made anew at once when what tile, list or cell say of the number is
 * another, and else as often as its own cost allows.
 */
import { useState } from 'react'
import { explain, type Explanation } from '../explain/explain.ts'
import type { Subject } from '../explain/members.ts'
import { explainInput, type Explained } from './explain-input.ts'
import { createPaced } from './paced.ts'

export function useExplanation(asked: (Explained & { readonly subject: Subject }) | undefined): Explanation | undefined {
  const [paced] = useState(() => createPaced<Explanation | undefined>(() => performance.now()))
  return paced(() => (asked === undefined ? undefined : explain(explainInput(asked))), { key: asked === undefined ? '' : shownOf(asked) })
}

/** What the page says of the number elsewhere: an explanation of anything else would contradict it. */
export function shownOf({ plan, view, layer: { frame, roster }, atMs, usual, subject }: Explained & { readonly subject: Subject }): string {
  const said = (value: number | undefined): string => (value === undefined || Number.isNaN(value) ? '' : view.format(value))
  const window = [frame.windowEndMs - frame.windowStartMs, atMs === undefined ? 'now' : [atMs, frame.past?.isComplete]]
  const about = [plan.id, view.model.id, frame.view, subject, window, usual]
  switch (subject.kind) {
    case 'city': {
      const { value, reporting, known, usual: usualOfCity } = frame.total
      return JSON.stringify([about, said(value), reporting, known, usualOfCity])
    }
    case 'district': {
      const { district } = subject
      const total = frame.districts[district]
      return JSON.stringify([about, said(total?.value), total])
    }
    case 'cell':
      // Another grid may have another cell under the same number.
      return JSON.stringify([about, frame.cells.radiusM, frame.cells.centres[2 * subject.cell], frame.cells.centres[2 * subject.cell + 1], said(frame.cells.values[subject.cell]), frame.cells.sensors[subject.cell]])
    case 'sensor': {
      const { row } = subject
      const values = frame.view === 'value' ? frame.values : frame.plain
      return JSON.stringify([about, roster.ids[row], roster.warnings[row], said(values[row]), said(frame.latest[row]), frame.observedAtMs[row], frame.freshness[row]])
    }
  }
}
