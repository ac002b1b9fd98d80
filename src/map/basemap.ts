/**
 * Loads what a basemap needs and shows it. A later wish overtakes an earlier one that is still loading,
 * and what cannot be loaded is said and left out: data is drawn on whatever there is.
 */
import type { Map as MapLibreMap, StyleSpecification } from 'maplibre-gl'
import { LABEL_FONT, outlineStyle } from './basemap-style.ts'
import type { MapArea } from './map-area.ts'
import type { MapTheme } from './map-palette.ts'
import { EMPTY_OUTLINE, labelsOf, type Outline, readOutline } from './outline.ts'
import { rootScale } from './root-scale.ts'

export interface BasemapKeeper {
  set(area: MapArea, theme: MapTheme): void
  stop(): void
}

export function keepBasemap(
  map: MapLibreMap,
  on: { readonly fetch: (url: string) => Promise<Response>; readonly onProblem: (problem: string) => void; readonly onSources: (texts: readonly string[]) => void },
): BasemapKeeper {
  /** By url; a file that failed is asked for again. */
  const outlines = new Map<string, Outline>()
  let wish = 0

  const outlineOf = async (url: string | undefined): Promise<Outline> => {
    if (url === undefined) return EMPTY_OUTLINE
    const known = outlines.get(url)
    if (known) return known
    try {
      const response = await on.fetch(url)
      if (!response.ok) throw new Error(`HTTP ${response.status}`)
      const outline = readOutline(await response.json())
      if (!outline) throw new Error('expected a GeoJSON FeatureCollection')
      if (outline.rejected > 0) on.onProblem(`Basemap ${url}: ${outline.rejected} features are broken and were left out.`)
      outlines.set(url, outline)
      return outline
    } catch (error) {
      on.onProblem(`Basemap ${url}: ${messageOf(error)}`)
      return EMPTY_OUTLINE
    }
  }

  const styleOf = async (area: MapArea, theme: MapTheme): Promise<{ style: StyleSpecification | string; sources: string[] }> => {
    const { basemap, anchor, bounds } = area
    switch (basemap.kind) {
      case 'outline': {
        const outline = await outlineOf(basemap.url)
        await loadLetters(labelsOf(outline))
        return { style: outlineStyle({ outline, theme, anchor, bounds, scale: rootScale() }), sources: [outline.attribution] }
      }
      case 'pmtiles': {
        const { pmtilesStyle } = await import('./pmtiles-basemap.ts')
        return { style: pmtilesStyle(new URL(basemap.url, document.baseURI).href, theme), sources: [basemap.attribution] }
      }
      case 'style':
        return { style: basemap.url, sources: [basemap.attribution] }
    }
  }

  return {
    set(area, theme) {
      const mine = ++wish
      styleOf(area, theme).then(
        ({ style, sources }) => {
          if (mine !== wish) return
          map.setStyle(style, { diff: true })
          on.onSources([area.attribution ?? '', ...sources])
        },
        (error: unknown) => on.onProblem(`Basemap: ${messageOf(error)}`),
      )
    },
    stop() {
      wish++
    },
  }
}

/** A web font is loaded by script when a letter of it is used; the map draws its letters once, so they must be there before. */
async function loadLetters(text: string): Promise<void> {
  try {
    await document.fonts.load(`48px "${LABEL_FONT}"`, text)
  } catch {
    // The letters then come from the system's own sans-serif.
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
