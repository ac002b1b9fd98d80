/**
 * The map's place on the page. Everything that needs WebGL comes with a dynamic import, so the sentence,
 * the tiles and the list are there first; without WebGL this says why and the list remains.
 */
import { lazy, Suspense, useEffect, useEffectEvent, useId, useRef, useState } from 'react'
import type { CityPlan } from '../configuration/city-plan.ts'
import type { LonLat } from '../core/geo/position.ts'
import type { DomainId } from '../domains/domain-model.ts'
import type { DomainView, Theme } from '../domains/domain-view.ts'
import notice from '../ui/notice.module.css'
import { useChoices } from './choices.ts'
import type { ChosenDistrict } from './districts.ts'
import { CellCard } from './explain-cell.tsx'
import { HeardExplanation } from './heard-explanation.tsx'
import type { MapStage } from './map-stage.ts'
import styles from './map-pane.module.css'
import { comingWords } from './layer-facts.ts'
import { useLayer } from './live-hooks.ts'
import { useServices } from './services.ts'

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
  onInspect(entityId: string): void
}

type Phase = { readonly kind: 'loading' } | { readonly kind: 'shown' } | { readonly kind: 'unavailable'; readonly reason: string }

export function MapPane({ plan, views, active, theme, atMs, selected, district, onInspect }: MapPaneProps) {
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
          onUnavailable: fail,
          onHealing: setLost,
        })
        setStage(opened)
        setPhase((now) => (now.kind === 'unavailable' ? now : { kind: 'shown' }))
      },
      (cause: unknown) => fail(`its program did not load (${cause instanceof Error ? cause.message : String(cause)})`),
    )
    return () => {
      isGone = true
      opened?.close()
    }
  }, [live])

  useEffect(() => stage?.showCity(plan, theme), [stage, plan, theme])
  useEffect(() => stage?.showDistrict(district?.area), [stage, district])
  useEffect(() => stage?.showLayers({ views, active, ghosts, theme }), [stage, views, active, ghosts, theme])
  useEffect(() => stage?.mark({ selected, highlighted }), [stage, selected, highlighted])

  return (
    <section className={styles.pane} aria-label={`Map of ${plan.name}. The list of sensors says the same in words.`} aria-describedby={layer === undefined ? undefined : descriptionId}>
      {layer !== undefined && view !== undefined && <HeardExplanation id={descriptionId} {...{ plan, view, atMs }} />}
      {/* What is still drawn belongs to another time: it pales until the one asked for is there. */}
      <div ref={container} className={styles.canvas} hidden={phase.kind === 'unavailable'} data-waiting={!hasCome || undefined} />
      {phase.kind === 'shown' && !hasCome && <p className={styles.coming}>{comingWords(atMs, plan.timeZone)}</p>}
      <output className={styles.healing}>{lost !== undefined && phase.kind === 'shown' && `The graphics card dropped the ${lost}; it is being drawn again.`}</output>
      {picked?.place === place && view !== undefined && phase.kind === 'shown' && <CellCard {...{ plan, view, atMs }} position={picked.position} onClose={() => setPicked(undefined)} />}
      {phase.kind === 'shown' && stage !== undefined && (
        <Suspense fallback={null}>
          <MapNotes key={plan.id} {...{ stage, plan, theme, atMs }} onInspect={onInspect} />
        </Suspense>
      )}
      {phase.kind === 'loading' && <p className={styles.loading}>The map is loading…</p>}
      {phase.kind === 'unavailable' && (
        <output className={notice.notice}>
          <span>
            <b>The map cannot be shown:</b> {phase.reason.replace(/\.$/, '')}.
          </span>
          <span>Nothing is lost: the list of sensors has the same content.</span>
        </output>
      )}
    </section>
  )
}
