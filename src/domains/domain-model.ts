/**
 * What the feed, the worker and the server need to know of a sensor domain: the pure half of the contract.
 *
 * A domain turns a broker's entity into a reading in our units, folds readings of one sensor over a
 * window, and says by which statistic sensors are put together. It names no other domain and nothing
 * names it but the two lists, `models.ts` and `views.ts`.
 */
import type { Bounds, LonLat } from '../core/geo/position.ts'
import type { Method } from '../core/method.ts'
import type { Result } from '../core/result.ts'
import type { Source } from '../core/source.ts'
import type { Across } from '../core/stats/across.ts'
import type { EpochMs } from '../core/time/instant.ts'
import type { Entity } from '../ngsi-ld/entity.ts'
import type { AttributeSpec } from '../ngsi-ld/observed.ts'
import type { Fold } from './fold.ts'
import type { PrivacyRule } from './privacy.ts'
import type { Sampler } from './sample-world.ts'

/** Kebab-case name of the domain's folder. */
export type DomainId = string

/** What to subscribe to: one entity type with the attributes that matter, as cities publish them. */
export interface WatchSpec {
  readonly type: string
  readonly attributes: readonly string[]
}

export interface MeasureSpec {
  readonly id: string
  /** For people: "NO₂", "Sound level". */
  readonly name: string
  /** For people: "µg/m³"; empty for a bare number. */
  readonly unit: string
  /** Digits after the point that the sensor class justifies. */
  readonly decimals: number
  /** A running total, of which differences are taken: it is kept with all its digits, others with the 7 of a Float32. */
  readonly isRegister?: boolean
}

/** Something doubtful that was kept: it travels with the value to the list, the drawer and the export. */
export interface Warning {
  readonly kind: string
  readonly detail: string
  /** Attribute or path it is about, when it is about one. */
  readonly attribute?: string
}

/** Whether the list need not be told: details may differ, as the numbers in them do. */
export function sameWarningKinds(a: readonly Warning[], b: readonly Warning[]): boolean {
  return a.length === b.length && a.every(({ kind }, index) => kind === b[index]!.kind)
}

/** One observation of one sensor in our units. */
export interface Reading {
  readonly entityId: string
  readonly entityType: string
  readonly name?: string
  readonly position?: LonLat
  /** When it was observed; for an interval, its end. */
  readonly observedAtMs: EpochMs
  /** Length of the interval the values stand for, when the entity gives one. */
  readonly periodMs?: number
  /** By measure id, in the measure's unit. A measure that was not observed is absent, never 0. */
  readonly values: Readonly<Record<string, number>>
  /** Measures outside what is physically possible: they are shown with their warning, and no fold counts them. */
  readonly implausible?: readonly string[]
  /** How much older than `observedAtMs` a measure is, by measure id; absent for those of the same time. */
  readonly lagMs?: Readonly<Record<string, number>>
  readonly warnings: readonly Warning[]
}

export interface ReadError {
  readonly kind: 'wrong-type' | 'no-value' | 'no-time' | 'unknown-unit' | 'wrong-quantity' | 'malformed' | 'out-of-range'
  /** Attribute path, such as `LAeq.observedAt`. */
  readonly path: string
  readonly expected: string
  readonly got: string
}

/** What reading an entity needs to know of its city. */
export interface ReadContext {
  /** IANA zone: what a zoneless time means. */
  readonly timeZone: string
  /** Box of the city: a point outside that is inside when swapped earns a warning. */
  readonly bounds?: Bounds
  /** How often sensors of the domain report here, where the operator has configured it: what a sum without its period stands for. */
  readonly reportEveryMs?: number
}

/**
 * Says which entities of a domain are plain, so that their numbers can be taken from the bytes of a notification.
 * An entity is plain when all of its measures are: numbers that are possible and need no reading between the lines.
 * For plain entities, `read` must follow from the table and `derive` alone: name, warnings and whether it is an
 * entity of the domain at all may depend on types, units, which attributes there are, and `texts`, on nothing else.
 */
export interface DirectReading {
  /** The table by which `read` reads such an entity; undefined when it is never plain. Depends on the same and no more. */
  tableOf(entity: Entity): readonly AttributeSpec[] | undefined
  /** Attributes besides the table's that `read` looks at, short and in lower case. */
  readonly texts: readonly string[]
  /** Makes what adds the measures that follow from the table's. `placeOf`: the place of a measure among a reading's numbers. */
  createDerive?(placeOf: (measure: string) => number): Derive
  /** Does its name follow from `texts`, and not from the entity's own? */
  isRenamed?(entity: Entity): boolean
}

/**
 * Adds measures to a reading's numbers in place: those of the model in its order, from `at` on, NaN where there is none;
 * `periodMs` likewise. False: the reading is not plain after all.
 */
export type Derive = (numbers: Float64Array, at: number, periodMs: number) => boolean

export interface LegendClass {
  /** Lower bound, in the headline's unit; -Infinity for the first. Which side a bound falls on is `boundary`. */
  readonly from: number
  readonly label: string
  readonly day: string // #RRGGBB on the light theme
  readonly night: string // #RRGGBB on the dark themes
  /** Measured, and none of it there: on the map its cells have an edge and no fill. */
  readonly isClear?: boolean
}

export interface Limit {
  readonly label: string
  readonly value: number
  /** What it binds, where that is another statistic or time than the layer's: "the Lden of a year". A value above it is then no breach. */
  readonly binds?: string
  readonly source: Source
}

export interface Legend {
  /** "Sound level" */
  readonly title: string
  /** Statistic and window in words: "LAeq over 15 min". */
  readonly statistic: string
  readonly unit: string
  /** Ascending. */
  readonly classes: readonly LegendClass[]
  /** Does a value equal to a bound belong to the class above it (`lower-inclusive`) or below (`upper-inclusive`)? */
  readonly boundary: 'lower-inclusive' | 'upper-inclusive'
  readonly limits: readonly Limit[]
  /** Where classes and colours come from. */
  readonly source: Source
}

/** When two sensors should say much the same, because they stand near each other. */
export interface Neighbourhood {
  readonly withinM: number
  /** In the headline's unit: values no further apart than this agree. */
  readonly agreeWithin: number
}

/** A limit that a document gives for so short a time that an operator can still do something when it is passed. */
export interface IncidentLimit {
  readonly measure: string
  readonly above: number
  /** Better than the limit by so much before it is over, in the measure's unit: what sensors of this class tremble by. */
  readonly deadBand: number
  /** Beyond it for as long as the document averages over: then the average is beyond it too. */
  readonly lastingMs: number
  readonly source: Source
}

/** What is raised of a layer where an operator has written no rules. */
export interface DomainIncidents {
  /** What the Smart Data Models call an `Alert` about this layer: one of the words of its `category`. */
  readonly category: string
  readonly subCategory?: string
  readonly limits?: readonly IncidentLimit[]
}

export interface DomainModel<R extends Reading = Reading> {
  readonly id: DomainId
  /** For people: "Noise". */
  readonly name: string
  /** The headline as the subject of a sentence: "The flow of bicycles" is 412 /h. */
  readonly quantity: string
  readonly watches: readonly WatchSpec[]
  readonly measures: readonly MeasureSpec[]
  /** Id of the measure that the map, the tile and the list show. */
  readonly headline: string
  /** Length of the window the headline is folded over. */
  readonly windowMs: number
  /** How the headline of one sensor is made of its readings in the window. */
  readonly method: Method
  /** Absent where neighbours may well differ: two buildings, two streets. */
  readonly neighbours?: Neighbourhood
  /** How often a sensor of this domain reports unless configuration says otherwise. */
  readonly expectedIntervalMs: number
  readonly across: {
    /** Sensors into a hexagonal cell. */
    readonly cell: Across
    /** Sensors into the city's tile. */
    readonly city: Across
  }
  readonly legend: Legend
  /** Which end of the headline needs a look: lists begin with it. */
  readonly worse: 'higher' | 'lower' | 'neither'
  /** How two values of the headline compare: by difference and ratio (when left out), by difference alone (decibels), or as classes. */
  readonly scale?: 'linear' | 'decibel' | 'class'
  /** The one limit that "versus limit" compares with; a domain without one has no such view. */
  readonly limit?: Limit
  /** Attributes that are enough for the fold: what a history is asked for. All when left out. */
  readonly foldAttributes?: readonly string[]
  /** Is the headline of a window that of the mean of each attribute? Then a broker may do the folding (never for decibels). */
  readonly isMean?: boolean
  /** Windows that make sense beside its own, when not all do, and why. */
  readonly windows?: { readonly only: readonly number[]; readonly why: string }
  read(entity: Entity, context: ReadContext): Result<R, ReadError>
  /** What may be read without making an entity first. */
  readonly direct?: DirectReading
  /** The readings of one sensor over a window. */
  readonly fold: Fold
  readonly sampler: Sampler
  /** About the environment, with no limits of its own, when left out. */
  readonly incidents?: DomainIncidents
  /** What of it is about people. The server holds it; a page never gets what it covers. */
  readonly privacy?: PrivacyRule
}

/** Index of the class a value falls in; -1 for NaN. */
export function classOf(legend: Legend, value: number): number {
  if (Number.isNaN(value)) return -1
  const { classes } = legend
  let index = 0
  for (let i = 1; i < classes.length; i++) {
    const { from } = classes[i]!
    if (legend.boundary === 'lower-inclusive' ? value >= from : value > from) index = i
  }
  return index
}
