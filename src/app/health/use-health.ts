/** What Health shows, put together a few times a minute: figures of the server, and the live layers of this page. */
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import type { CityPlan } from '../../configuration/city-plan.ts'
import { FRESHNESS } from '../../core/time/freshness.ts'
import type { DomainView } from '../../domains/domain-view.ts'
import { BASE_RADIUS_M } from '../cell-radius.ts'
import { useChoices } from '../choices.ts'
import { useKept } from '../kept.ts'
import { useNow, useStatus } from '../live-hooks.ts'
import type { LiveLayer, LiveStore } from '../live-store.ts'
import { expectedMsOf, summaryOf, viewsOf } from '../layer-facts.ts'
import { useServices } from '../services.ts'
import { agesOf, dataFacts } from './data-facts.ts'
import { gapSlots } from './gaps.ts'
import { fetchCityHealth, fetchConformance, type Heard } from './read-health.ts'
import { incidentsOf, type Feed } from './troubles.ts'

/** Four times a minute, and not while nobody looks. */
const EVERY_MS = 15_000
/** The layers are read this often: ages are told in seconds at best. */
const LAYERS_MS = 3_000

const healthQuery = (cityId: string) => queryOptions({ queryKey: ['health', cityId], queryFn: ({ signal }) => fetchCityHealth(cityId, signal), refetchInterval: EVERY_MS, retry: false })

export const conformanceQuery = (cityId: string) => queryOptions({ queryKey: ['conformance', cityId], queryFn: ({ signal }) => fetchConformance(cityId, { run: false, signal }), retry: false })

/** The city's feed, as on the Monitor: what is counted is what a page gets. */
export function useOpenFeed(plan: CityPlan): void {
  const { live } = useServices()
  const opened = useKept<CityPlan>('health.opened')
  useEffect(() => {
    if (opened.read() === plan) return
    opened.keep(plan)
    // A pause from the screen before would make all sensors grow old here.
    useChoices.getState().set({ isPaused: false, filter: '', ghosts: [], highlighted: undefined })
    live.open(plan, { cellRadiusM: BASE_RADIUS_M })
  }, [live, opened, plan])
}

export function useHealth(plan: CityPlan) {
  const { live, views } = useServices()
  const answer = useQuery(healthQuery(plan.id))
  const status = useStatus()
  const nowMs = useNow(undefined)
  // Between its turns nothing is counted again: a layer may have a million sensors. One that has come is counted at once.
  const turnMs = Math.floor(nowMs / LAYERS_MS) * LAYERS_MS
  const come = viewsOf(plan, views).filter(({ model }) => live.layer(model.id) !== undefined).length
  const read = useMemo(() => ({ ...readLayers(plan, viewsOf(plan, views), live, turnMs), come }), [plan, views, live, turnMs, come])
  const health = answer.data
  const feeds = read.feeds.map((feed): Feed => ({ ...feed, brokers: (health?.brokers ?? []).flatMap(({ broker, heard }) => (heard?.types.some(({ type }) => feed.types.has(type)) === true ? [broker] : [])) }))
  return {
    answer,
    health,
    status,
    nowMs,
    feeds,
    gapsOf: (feed: Feed) => gapsOf(feed, read.feeds.find(({ id }) => id === feed.id)?.types ?? new Set(), health?.brokers.flatMap(({ heard }) => heard ?? []) ?? [], health?.serverTimeMs ?? nowMs),
    facts: dataFacts(status, read.layers, read.futureStamps),
    incidents: incidentsOf({ plan, health, feeds, rejected: status?.counters.rejected ?? [], nowMs }),
  }
}

export type Health = ReturnType<typeof useHealth>

function gapsOf(feed: Feed, types: ReadonlySet<string>, heard: readonly Heard[], nowMs: number) {
  return gapSlots(heard, types, feed.expectedMs, nowMs)
}

function futureStampsOf({ frame }: LiveLayer): number {
  const code = FRESHNESS.indexOf('clock-error')
  let count = 0
  for (let row = 0; row < frame.count; row++) if (frame.freshness[row] === code) count++
  return count
}

function readLayers(plan: CityPlan, views: readonly DomainView[], live: LiveStore, nowMs: number) {
  const layers = views.flatMap(({ model }) => live.layer(model.id) ?? [])
  return {
    layers,
    futureStamps: layers.reduce((sum, layer) => sum + futureStampsOf(layer), 0),
    feeds: views.map((view) => {
      const layer = live.layer(view.model.id)
      const types: ReadonlySet<string> = new Set(view.model.watches.map(({ type }) => type))
      return { id: view.model.id, name: view.model.name, types, expectedMs: expectedMsOf(view.model, plan), summary: summaryOf(view, layer), ...(layer === undefined ? { oldestMs: undefined, medianMs: undefined } : agesOf(layer, nowMs)) }
    }),
  }
}
