/** Single sensors: one layer of marks, drawn from columns that follow the frames. */
import type { Layer } from '@deck.gl/core'
import { InstanceLayer } from './instance-layer.ts'
import type { InstanceRows } from './instance-rows.ts'
import { PALETTES, rgbOf } from './map-palette.ts'
import { rootScale } from './root-scale.ts'
import { GLYPH_PROPS, SensorGlyphLayer } from './sensor-glyph-layer.ts'
import { createSensorMarks, DEFAULT_RADIUS_PX, type MarkOptions, NO_MARKS, type SensorLook, type SensorRows } from './sensor-marks.ts'

export interface SensorOptions extends MarkOptions {
  readonly zoom: number
  /** 0 to 1, from the cross-fade. */
  readonly opacity: number
  readonly onPick?: (row: number) => void
}

export function createSensorLayers(look: SensorLook): (rows: SensorRows, options: SensorOptions) => readonly Layer[] {
  const marksOf = createSensorMarks(look)
  let marks: InstanceRows = NO_MARKS
  return (rows, { zoom, opacity, onPick, ...options }) => {
    // What is not seen is not followed: it catches up when it is.
    if (opacity > 0) marks = marksOf(rows, options)
    return [
      new InstanceLayer({
        id: `${look.id}-sensors`,
        rows: marks,
        drawn: options.roster,
        marks: (props) => new SensorGlyphLayer(props),
        look: {
          ...GLYPH_PROPS,
          getLineColor: [...rgbOf(PALETTES[options.theme].bg0), 255],
          ...(look.radiusPx ? {} : { getRadius: DEFAULT_RADIUS_PX }),
          radiusScale: markScale(zoom) * rootScale(),
        },
        opacity,
        visible: opacity > 0,
        pickable: options.ownsColour && opacity > 0.3,
        onClick: ({ index }) => {
          if (index >= 0) onPick?.(index)
          return false // the host hears it too
        },
      }),
    ]
  }
}

/** Marks grow gently as one comes closer, so that a street of sensors stays apart and a single one is easy to hit. */
export function markScale(zoom: number): number {
  return Math.min(1.5, Math.max(0.7, 1 + (zoom - 13) * 0.11))
}
