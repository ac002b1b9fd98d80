/**
 * The map's place on the page. Everything that needs WebGL comes with a dynamic import, so the sentence,
 * the tiles and the list are there first; without WebGL this says why and the list remains.
 */
import { lazy, Suspense, useEffect, useEffectEvent, useId, useRef, useState, type ReactNode } from 'react'
import type { CityPlan } from '../configuration/city-plan.ts'
import type { LonLat } from '../core/geo/position.ts'
import type { DomainId } from '../domains/domain-model.ts'
import type { DomainView, Theme } from '../domains/domain-view.ts'
import { say } from '../language/say.ts'
import notice from '../ui/notice.module.css'
import { useChoices } from './choices.ts'
import type { ChosenDistrict } from './districts.ts'
import { Crosshair } from './crosshair.tsx'
import type { MapStage, Nearest } from './map-stage.ts'
import styles from './map-pane.module.css'
import { useStage } from './stage.ts'
import { comingWords } from './layer-facts.ts'
import { useLayer } from './live-hooks.ts'
import { useServices } from './services.ts'
import { useMapPlace } from './use-map-place.ts'
import { useShortcuts } from './shortcuts.ts'

// Nobody waits for what explains a number: the number is there first.
const CellCard = lazy(() => import('./explain-cell.tsx'))
const HeardExplanation = lazy(() => import('./heard-explanation.tsx'))
// Nobody waits for notes: the map is there first.
const MapNotes = lazy(() => import('./annotations/map-notes.tsx'))

export interface MapPaneProps {
  readonly plan: CityPlan
  readonly views: readonly DomainView[]
  readonly active: DomainId
  readonly theme: Theme
  readonly atMs: number | undefined
  readonly selected: string | undefined
  /** Framed, and outlined with its name. */
  readonly district: ChosenDistrict | undefined
  /** Where the link says that the map looks. */
  readonly at: string | undefined
  onPlace(at: string | undefined): void
  onInspect(entityId: string): void
  /** What lies over the map. */
  readonly children?: ReactNode
}

type Phase = { readonly kind: 'loading' } | { readonly kind: 'shown' } | { readonly kind: 'unavailable'; readonly reason: string }

export function MapPane({ plan, views, active, theme, atMs, selected, district, at, onPlace, onInspect, children }: MapPaneProps) {
  const { live } = useServices()
  const container = useRef<HTMLDivElement>(null)
  const [stage, setStage] = useState<MapStage | undefined>(undefined)
  const [phase, setPhase] = useState<Phase>({ kind: 'loading' })
  const highlighted = useChoices((choices) => choices.highlighted)
  const ghosts = useChoices((choices) => choices.ghosts)
  const inspect = useEffectEvent(onInspect)
  const [lost, setLost] = useState<string | undefined>(undefined)
  const layer = useLayer(active)
  const hasCome = layer !== undefined
  const view = views.find(({ model }) => model.id === active)
  const descriptionId = useId()
  // A cell belongs to the city and layer it was picked in.
  const place = `${plan.id} ${active}`
  const [picked, setPicked] = useState<{ readonly place: string; readonly position: LonLat } | undefined>(undefined)
  const pickCell = useEffectEvent((position: LonLat | undefined) => setPicked(position === undefined ? undefined : { place, position }))

  const hasCrosshair = useChoices((choices) => choices.hasCrosshair)
  const marked = useChoices((choices) => (choices.isMarkedByKey ? choices.marked : undefined))
  const [nearest, setNearest] = useState<Nearest | undefined>(undefined)
  const read = (): void => {
    const next = stage?.nearest()
    setNearest(next)
    useChoices.getState().set({ highlighted: next?.id })
  }
  const aim = useEffectEvent(() => {
    if (hasCrosshair) read()
  })
  useShortcuts({
    crosshair: () => {
      if (hasCrosshair || stage === undefined) return leaveCrosshair()
      useChoices.getState().set({ hasCrosshair: true })
      read()
      stage.focus()
    },
    close: () => {
      if (!hasCrosshair) return false
      leaveCrosshair()
    },
    zoomIn: () => stage?.zoomBy(1),
    zoomOut: () => stage?.zoomBy(-1),
  })

  const placeLink = useMapPlace(plan.id, onPlace)

  // One map for the life of the page: cities, layers and themes change on it.
  useEffect(() => {
    const element = container.current
    if (element === null) return
    let opened: MapStage | undefined
    let isGone = false
    const fail = (reason: string): void => setPhase({ kind: 'unavailable', reason })
    import('./map-stage.ts').then(
      ({ openMapStage }) => {
        if (isGone) return
        opened = openMapStage(element, {
          live,
          onInspect: (id) => inspect(id),
          onHighlight: (id) => useChoices.getState().set({ highlighted: id }),
          onCell: (centre) => pickCell(centre),
          onRest: () => aim(),
          onPlace: (place) => placeLink.rested(place),
          onUnavailable: fail,
          onHealing: setLost,
        })
        setStage(opened)
        useStage.setState({ stage: opened })
        setPhase((now) => (now.kind === 'unavailable' ? now : { kind: 'shown' }))
      },
      (cause: unknown) => fail(say({ id: 'map.notLoaded', defaultMessage: 'its program did not load ({reason})' }, { reason: cause instanceof Error ? cause.message : String(cause) })),
    )
    return () => {
      isGone = true
      opened?.close()
      useStage.setState({ stage: undefined })
    }
  }, [live, placeLink])

  useEffect(() => stage?.showCity(plan, theme), [stage, plan, theme])
  useEffect(() => {
    if (stage !== undefined) stage.showDistrict(district?.area, placeLink.news(at))
  }, [stage, district, at, placeLink])
  useEffect(() => stage?.showLayers({ views, active, ghosts, theme }), [stage, views, active, ghosts, theme])
  useEffect(() => stage?.mark({ selected, highlighted }), [stage, selected, highlighted])
  // What keys mark may stand outside the picture; what a hand points at does not.
  useEffect(() => {
    const id = useChoices.getState().highlighted
    if (marked !== undefined && id !== undefined) stage?.bringIntoView(id)
  }, [stage, marked])

  return (
    // Enter opens what the crosshair reads, while the map has the keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section
      className={styles.pane}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && hasCrosshair && nearest !== undefined && event.target instanceof HTMLCanvasElement) onInspect(nearest.id)
      }}
      data-pane="map"
      aria-label={say({ id: 'map.label', defaultMessage: 'Map of {city}. The list of sensors says the same in words.' }, { city: plan.name })}
      aria-describedby={layer === undefined ? undefined : descriptionId}
    >
      {layer !== undefined && view !== undefined && (
        <Suspense>
          <HeardExplanation id={descriptionId} {...{ plan, view, atMs }} />
        </Suspense>
      )}
      {/* What is still drawn belongs to another time: it pales until the one asked for is there. */}
      <div ref={container} className={styles.canvas} hidden={phase.kind === 'unavailable'} data-waiting={!hasCome || undefined} />
      {phase.kind === 'shown' && !hasCome && <p className={styles.coming}>{comingWords(atMs, plan.timeZone)}</p>}
      <output className={styles.healing}>{lost !== undefined && phase.kind === 'shown' && say({ id: 'map.dropped', defaultMessage: 'The graphics card dropped the {part, select, map {map} data {data} other {map and data}}; it is being drawn again.' }, { part: lost })}</output>
      {picked?.place === place && view !== undefined && phase.kind === 'shown' && (
        <Suspense>
          <CellCard {...{ plan, view, atMs }} position={picked.position} onClose={() => setPicked(undefined)} />
        </Suspense>
      )}
      {children}
      {hasCrosshair && phase.kind === 'shown' && view !== undefined && <Crosshair {...{ plan, view, nearest }} />}
      {phase.kind === 'shown' && stage !== undefined && (
        <Suspense fallback={null}>
          <MapNotes key={plan.id} {...{ stage, plan, theme, atMs }} onInspect={onInspect} />
        </Suspense>
      )}
      {phase.kind === 'loading' && <p className={styles.loading}>{say({ id: 'map.loading', defaultMessage: 'The map is loading…' })}</p>}
      {phase.kind === 'unavailable' && (
        <output className={notice.notice}>
          <span>
            <b>{say({ id: 'map.unavailable', defaultMessage: 'The map cannot be shown:' })}</b> {phase.reason.replace(/\.$/, '')}.
          </span>
          <span>{say({ id: 'map.listRemains', defaultMessage: 'Nothing is lost: the list of sensors has the same content.' })}</span>
        </output>
      )}
    </section>
  )
}

function leaveCrosshair(): void {
  useChoices.getState().set({ hasCrosshair: false, highlighted: undefined })
}
