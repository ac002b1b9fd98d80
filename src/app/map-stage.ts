/**
 * Brings frames to the map: on each animation frame in which a layer changed, the domain's layers are
 * made from the newest frame and given to the host. Loaded with the map, never with the shell.
 */
import type { CityPlan } from '../configuration/city-plan.ts'
import type { DomainId, DomainModel } from '../domains/domain-model.ts'
import { viewLegend, type View } from '../domains/standing.ts'
import type { DomainView, DrawLayers, Theme } from '../domains/domain-view.ts'
import type { Roster } from '../domains/frame.ts'
import { areaBounds, intersection, labelPlaceOf, type Area } from '../core/geo/areas.ts'
import { boundsOf, isInBounds, type Bounds, type LonLat } from '../core/geo/position.ts'
import { say } from '../language/say.ts'
import { createAreaOutline } from '../map/area-outline.ts'
import { pixelsOf } from '../map/cross-fade.ts'
import { answerDrawn, drawnIds } from '../map/drawn-marks.ts'
import { createFrameLayers } from '../map/frame-layers.ts'
import { bearingDeg, metresBetween } from '../map/ground.ts'
import { createNotePins, NOTE_PINS_ID } from '../map/note-pins.ts'
import { createMapHost, type Lost, type MapHost } from '../map/map-host.ts'
import type { MapCamera, MapPick, MapPicture } from '../map/map-camera.ts'
import { cellRadiusFor } from './cell-radius.ts'
import { districtLabel } from './districts.ts'
import { rowOf } from './live-hooks.ts'
import { placeParameter, type MapPlace } from './map-place.ts'
import { tooFewRowsOf } from './sensor-list.ts'
import type { LiveStore } from './live-store.ts'

export interface MapStageOptions {
  readonly live: LiveStore
  onInspect(entityId: string): void
  onHighlight(entityId: string | undefined): void
  /** A cell was picked, by its centre; undefined when something else was, or nothing. */
  onCell(centre: LonLat | undefined): void
  onUnavailable(reason: string): void
  /** The map rests at another place than before, or shows another layer there. */
  onRest(): void
  /** The camera rests: undefined where it frames the city or the district by itself. */
  onPlace(place: MapPlace | undefined): void
  /** The graphics were lost and are being made again: what is lost. Undefined: all is drawn again. */
  onHealing(lost: Lost | undefined): void
}

export interface ShownLayers {
  readonly views: readonly DomainView[]
  /** The layer that owns colour. */
  readonly active: DomainId
  readonly ghosts: readonly DomainId[]
  readonly theme: Theme
}

export interface MapStage {
  showCity(plan: CityPlan, theme: Theme): void
  showLayers(shown: ShownLayers): void
  /** Frames the part of the city and draws its border and its name; undefined is the whole city. `to`: where a link says that the map looks, which holds against all else. */
  showDistrict(area: Area | undefined, to: MapPlace | 'framed' | undefined): void
  /** Flags of notes; `onPick` hears which was picked. */
  showNotes(places: readonly LonLat[], theme: Theme, onPick: (index: number) => void): void
  mark(marks: { readonly selected: string | undefined; readonly highlighted: string | undefined }): void
  /** A sensor outside the picture is brought to its middle. */
  bringIntoView(id: string): void
  /** The sensor of the layer nearest to the middle of the map; undefined where none is. */
  nearest(): Nearest | undefined
  zoomBy(steps: number): void
  /** The map as it is now, and where it looks; undefined when there is none. */
  picture(pixelRatio: number): { readonly map: MapPicture; readonly place: MapPlace } | undefined
  /** Gives the map the keyboard: arrows move it. */
  focus(): void
  close(): void
}

export interface Nearest {
  readonly id: string
  readonly distanceM: number
  /** From the middle of the map to the sensor, clockwise from north. */
  readonly bearingDeg: number
}

const SOURCES_PX = 32
/** Of the sensors' extent, on each side: none stands on the edge. */
const FIT_AIR = 0.06

/** One or two sensors are no extent: the city's box says more. */
const FEWEST_TO_FIT = 3

export function openMapStage(container: HTMLElement, { live, onInspect, onHighlight, onCell, onUnavailable, onRest, onPlace, onHealing }: MapStageOptions): MapStage {
  const drawers = new Map<DomainId, DrawLayers>()
  const viewDrawers = new Map<string, DrawLayers>()
  const loading = new Set<DomainId>()
  let shown: ShownLayers | undefined
  let plan: CityPlan | undefined
  let marks: { readonly selected: string | undefined; readonly highlighted: string | undefined } = { selected: undefined, highlighted: undefined }
  let district: Area | undefined
  let notes: { readonly places: readonly LonLat[]; readonly theme: Theme; onPick(index: number): void } | undefined
  let camera: MapCamera | undefined
  let isClosed = false
  /** The camera still shows the city's whole box: it closes in on the sensors once they are known. */
  let needsFit = false
  /** What frames something is on its way; and where it came to rest. */
  let isFraming = false
  let framed: MapCamera | undefined
  /** While the page is told of a link: its selection does not move the camera that it says. */
  let isPlacing = false
  /** As they were handed over last. */
  let layers: ReturnType<DrawLayers> = []

  const reduced = matchMedia('(prefers-reduced-motion: reduce)')
  const host: MapHost = createMapHost(container, {
    title: say({ id: 'map.title', defaultMessage: 'Map' }),
    theme: 'day',
    reduceMotion: reduced.matches,
    onUnavailable,
    onHealing,
    onCamera(next) {
      const zoomed = camera?.zoom !== next.zoom
      camera = next
      if (plan !== undefined) live.setCellRadius(cellRadiusFor((radiusM) => pixelsOf(radiusM, next.centre, next.zoom)))
      if (zoomed) draw()
      if (next.settled) tellRest(next)
    },
    onPick: (pick) => {
      const id = pick === undefined ? undefined : pickedId(pick)
      if (pick === undefined || id !== undefined) onCell(undefined)
      if (pick === undefined) return
      if (pick.layerId === NOTE_PINS_ID) return notes?.onPick(pick.index)
      if (id !== undefined) onInspect(id)
      else openCell(pick)
    },
    onHover: (pick) => onHighlight(pick === undefined ? undefined : pickedId(pick)),
  })
  // The sources stand at the lower edge: no sensor is fitted beneath them.
  host.setPadding({ top: 0, right: 0, bottom: SOURCES_PX, left: 0 })
  const onReduced = (): void => host.setReduceMotion(reduced.matches)
  reduced.addEventListener('change', onReduced)
  const resized = new ResizeObserver(() => host.resize())
  resized.observe(container)
  const stopDrawing = live.onDraw(draw)
  const stopAnswering = answerDrawn(container, () => (shown === undefined ? [] : drawnIds(layers, `${shown.active}-sensors`, live.picture(shown.active)?.roster.ids ?? [])))
  let animation: number | undefined
  /** One for each draw in which something moves by itself: it is drawn again on the next animation frame. */
  const again = (): void => {
    animation ??= requestAnimationFrame(() => {
      animation = undefined
      draw()
    })
  }

  function draw(): void {
    if (shown === undefined || !host.available) return
    const { views, active, ghosts, theme } = shown
    if (needsFit) fitSensors()
    const zoom = (camera ?? host.camera())?.zoom ?? 11
    // Ghosts first: what owns colour lies on top.
    const visible = views.filter(({ model }) => model.id === active || ghosts.includes(model.id)).toSorted((a, b) => Number(a.model.id === active) - Number(b.model.id === active))
    const data = visible.flatMap(({ model }) => {
      const layer = live.picture(model.id)
      if (layer === undefined) return []
      const drawLayers = drawerOf(model, layer.frame.view)
      if (drawLayers === undefined) return []
      const row = (id: string | undefined): number => (id === undefined ? -1 : (rowOf(layer.roster, id) ?? -1))
      return drawLayers(layer.frame, {
        theme,
        zoom,
        ownsColour: model.id === active,
        selectedRow: row(marks.selected),
        highlightedRow: row(marks.highlighted),
        roster: layer.roster,
        ...(reduced.matches ? {} : { motion: { nowMs: performance.now(), again } }),
        tooFewRows: tooFewRowsOf(layer.roster),
      })
    })
    layers = [...data, ...(district === undefined ? [] : createAreaOutline(district, theme)), ...(notes === undefined ? [] : createNotePins(notes.places, notes.theme))]
    host.setLayers(layers)
  }

  /** The domain draws its values; standings are drawn alike for all, with marks of one size. */
  function drawerOf(model: DomainModel, view: View): DrawLayers | undefined {
    if (view === 'value') return drawers.get(model.id)
    const key = `${model.id} ${view}`
    let drawer = viewDrawers.get(key)
    if (drawer === undefined) viewDrawers.set(key, (drawer = createFrameLayers({ id: model.id, scale: viewLegend(model, view) })))
    return drawer
  }

  /** The box of a city is generous: sea and neighbours. Its sensors are where people look. */
  function fitSensors(): void {
    if (plan === undefined || shown === undefined) return
    const box = district === undefined ? boxOfSensors(plan.bounds, shown.views) : boxOfDistrict(district)
    if (box === undefined) return
    needsFit = false
    frame(box, { isFlight: false })
    nameDistrict(box)
  }

  function frame(bounds: Bounds, { isFlight }: { readonly isFlight: boolean }): void {
    isFraming = true
    if (isFlight) host.flyTo({ bounds })
    else host.jumpTo({ bounds })
  }

  function tellRest(next: MapCamera): void {
    if (isFraming) framed = next
    isFraming = false
    // A map that only changed its size looks where it looked.
    onPlace(framed !== undefined && placeParameter(framed) === placeParameter(next) ? undefined : { centre: next.centre, zoom: next.zoom })
    onRest()
  }

  function nameDistrict(box: Bounds | undefined): void {
    const position = district && labelPlaceOf(district, box)
    if (district !== undefined && position !== undefined) host.setLabel({ text: plan?.districts === undefined ? district.name : districtLabel(plan.districts, district.name), position })
  }

  /** A sector reaches to the city's box, which is generous: of it only what lies where the city's sensors are. */
  function boxOfDistrict(area: Area): Bounds | undefined {
    const box = areaBounds(area)
    if (plan?.districts?.kind !== 'sectors') return box
    const sensors = boxOfSensors(plan.bounds, shown?.views ?? [])
    return sensors && (intersection(box, sensors) ?? box)
  }

  function boxOfSensors(city: Bounds, views: readonly DomainView[]): Bounds | undefined {
    const positions = views.flatMap(({ model }) => {
      const frame = live.picture(model.id)?.frame
      if (frame === undefined) return []
      return Array.from({ length: frame.count }, (_, row): LonLat => [frame.positions[2 * row] ?? Number.NaN, frame.positions[2 * row + 1] ?? Number.NaN]).filter((position) => isInBounds(position, city))
    })
    const extent = positions.length < FEWEST_TO_FIT ? undefined : boundsOf(positions)
    if (extent === undefined) return undefined
    const [west, south, east, north] = extent
    const airLon = FIT_AIR * (east - west)
    const airLat = FIT_AIR * (north - south)
    return [west - airLon, south - airLat, east + airLon, north + airLat]
  }

  /**
   * Only sensors of the layer that owns colour answer: a ghost is background. The row is read in the roster
   * it was drawn from, since by the time of the click another may have come.
   */
  function pickedId({ layerId, index, drawn }: MapPick): string | undefined {
    // Those that a selected sensor had beneath it stand around it as a fan.
    if (shown === undefined || (layerId !== `${shown.active}-sensors` && layerId !== `${shown.active}-fan`)) return undefined
    return (drawn as Roster | undefined)?.ids[index]
  }

  /** A cell is explained and looked into: closer, until its sensors stand alone. */
  function openCell({ layerId, position }: MapPick): void {
    if (position === undefined || shown === undefined || !layerId.startsWith(`${shown.active}-cells`)) return
    onCell(position)
    host.flyTo({ centre: position, zoom: ((camera ?? host.camera())?.zoom ?? 11) + 1.5 })
  }

  async function load(view: DomainView): Promise<void> {
    const { id } = view.model
    if (drawers.has(id) || loading.has(id)) return
    loading.add(id)
    try {
      drawers.set(id, await view.loadLayers())
    } finally {
      loading.delete(id)
    }
    if (!isClosed) draw()
  }

  return {
    showCity(next, theme) {
      const isNew = plan?.id !== next.id
      plan = next
      // Whose data it is stands in the footer; the map names only whose outline it is.
      host.setBasemap({ anchor: next.anchor, bounds: next.bounds, basemap: next.basemap }, theme)
      if (!isNew) return
      needsFit = true
      host.setTitle(say({ id: 'map.titleOf', defaultMessage: 'Map of {city}' }, { city: next.name }))
      frame(next.bounds, { isFlight: false })
    },
    showDistrict(next, to) {
      if (next === district && to === undefined) return
      district = next
      if (next === undefined) host.setLabel(undefined)
      if (typeof to === 'object') {
        needsFit = false
        isPlacing = true
        queueMicrotask(() => (isPlacing = false))
        host.jumpTo(to)
        nameDistrict((camera ?? host.camera())?.bounds)
        return draw()
      }
      // A city that was just opened is framed when there is something to draw.
      if (needsFit || plan === undefined) return draw()
      const bounds = next === undefined ? (boxOfSensors(plan.bounds, shown?.views ?? []) ?? plan.bounds) : (boxOfDistrict(next) ?? areaBounds(next))
      if (bounds !== undefined) frame(bounds, { isFlight: true })
      nameDistrict(bounds)
      draw()
    },
    showLayers(next) {
      const isOther = shown?.active !== next.active
      shown = next
      for (const view of next.views) void load(view)
      draw()
      if (isOther) onRest()
    },
    showNotes(places, theme, onPick) {
      notes = { places, theme, onPick }
      draw()
    },
    mark(next) {
      const isNew = next.selected !== marks.selected
      marks = next
      draw()
      if (isNew && next.selected !== undefined && !isPlacing) bringIntoView(next.selected)
    },
    bringIntoView,
    nearest() {
      const layer = shown === undefined ? undefined : live.picture(shown.active)
      const centre = (camera ?? host.camera())?.centre
      if (layer === undefined || centre === undefined) return undefined
      const { count, positions } = layer.frame
      let best = -1
      let bestM = Infinity
      for (let row = 0; row < count; row++) {
        const distanceM = metresBetween(centre, [positions[2 * row]!, positions[2 * row + 1]!])
        if (distanceM < bestM) {
          bestM = distanceM
          best = row
        }
      }
      const id = layer.roster.ids[best]
      if (id === undefined) return undefined
      return { id, distanceM: bestM, bearingDeg: bearingDeg(centre, [positions[2 * best]!, positions[2 * best + 1]!]) }
    },
    zoomBy(steps) {
      const at = camera ?? host.camera()
      if (at !== undefined) host.flyTo({ centre: at.centre, zoom: at.zoom + steps })
    },
    picture(pixelRatio) {
      const at = host.camera()
      const map = host.picture(pixelRatio)
      return map === undefined || at === undefined || map.width === 0 || map.height === 0 ? undefined : { map, place: at }
    },
    focus: () => container.querySelector<HTMLElement>('canvas.maplibregl-canvas')?.focus(),
    close() {
      isClosed = true
      stopDrawing()
      stopAnswering()
      if (animation !== undefined) cancelAnimationFrame(animation)
      resized.disconnect()
      reduced.removeEventListener('change', onReduced)
      host.dispose()
    },
  }

  /** A selected sensor outside the picture is brought to its middle; one inside leaves the map still. */
  function bringIntoView(id: string): void {
    const layer = shown === undefined ? undefined : live.picture(shown.active)
    const row = layer === undefined ? undefined : rowOf(layer.roster, id)
    if (layer === undefined || row === undefined) return
    const lon = layer.frame.positions[2 * row] ?? Number.NaN
    const lat = layer.frame.positions[2 * row + 1] ?? Number.NaN
    const bounds = (camera ?? host.camera())?.bounds
    if (Number.isNaN(lon) || Number.isNaN(lat) || bounds === undefined) return
    const [west, south, east, north] = bounds
    if (lon < west || lon > east || lat < south || lat > north) host.flyTo({ centre: [lon, lat] })
  }
}
