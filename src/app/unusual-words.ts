/** What is unusual, in words: by how far, since when, and the city in one sentence. */
import { againstLimit } from '../domains/standing.ts'
import type { DomainView } from '../domains/domain-view.ts'
import { say } from '../language/say.ts'
import { formatDuration } from '../ui/words/age.ts'
import { formatSince } from '../ui/words/clock.ts'
import { formatNumber, formatQuantity } from '../ui/words/number.ts'
import type { Unusual, UnusualLayer, UnusualPlace } from '../workers/city.messages.ts'

export interface Seen {
  /** By the broker's clock, or the past instant that is shown. */
  readonly nowMs: number
  readonly timeZone: string
}

/** "7 dB above usual", "12 % over the limit", "silent for 2 h". */
export function deltaWords(view: DomainView, { kind, value, median, observedAtMs }: UnusualPlace, { nowMs }: Seen): string {
  const { model } = view
  switch (kind) {
    case 'above':
    case 'below': {
      const isAbove = kind === 'above'
      if (model.scale === 'class') {
        const usual = view.format(median)
        return isAbove ? say({ id: 'unusual.classAbove', defaultMessage: 'above usual, which is {usual}' }, { usual }) : say({ id: 'unusual.classBelow', defaultMessage: 'below usual, which is {usual}' }, { usual })
      }
      const difference = Math.abs(value - median)
      const size = model.scale === 'decibel' ? formatQuantity(difference, 0, 'dB') : view.format(difference)
      return isAbove ? say({ id: 'unusual.above', defaultMessage: '{size} above usual' }, { size }) : say({ id: 'unusual.below', defaultMessage: '{size} below usual' }, { size })
    }
    case 'limit': {
      const over = againstLimit(model, value)
      const size = model.scale === 'decibel' ? formatQuantity(over, 0, 'dB') : formatQuantity(over - 100, 0, '%')
      const limit = view.format(model.limit?.value ?? NaN)
      return say({ id: 'unusual.overLimit', defaultMessage: '{size} over the limit of {limit}' }, { size, limit })
    }
    case 'clockError':
      return say({ id: 'unusual.clock', defaultMessage: 'its clock is wrong' })
    case 'late':
    case 'lost':
      if (Number.isNaN(observedAtMs)) return say({ id: 'unusual.neverHeard', defaultMessage: 'not heard of' })
      return say({ id: 'unusual.silent', defaultMessage: 'silent for {duration}' }, { duration: formatDuration(nowMs - observedAtMs) })
  }
}

/** "since 07:40"; "since before 07:40" of what was so when the watch began; nothing where nobody knows. */
export function sinceWords({ sinceMs, isBefore }: Pick<UnusualPlace, 'sinceMs' | 'isBefore'>, { nowMs, timeZone }: Seen): string {
  if (sinceMs === undefined) return ''
  const time = formatSince(sinceMs, nowMs, timeZone)
  return isBefore === true ? say({ id: 'unusual.sinceBefore', defaultMessage: 'since before {time}' }, { time }) : say({ id: 'unusual.since', defaultMessage: 'since {time}' }, { time })
}

/** All of them, told or only counted. */
export function unusualCount({ layers }: Unusual): number {
  return sumOf(layers, ({ unusual }) => unusual)
}

export interface CityUsual {
  readonly city: string
  readonly views: readonly DomainView[]
  readonly unusual: Unusual
  readonly isHistory: boolean
}

/**
 * "Porto is mostly as usual. Noise is far above usual at 3 of 42 places, most at Trindade, since 07:40." Undefined while
 * no sensor's usual is known: then nothing can be said of it.
 */
export function usualSentence({ city, views, unusual, isHistory }: CityUsual, seen: Seen): string | undefined {
  const compared = sumOf(unusual.layers, ({ compared }) => compared)
  if (compared === 0) return undefined
  const far = sumOf(unusual.layers, farOf)
  const first = wholeCity(city, far / compared, isHistory)
  const worst = unusual.layers.toSorted((a, b) => Math.max(b.above, b.below) - Math.max(a.above, a.below))[0]
  const view = views.find(({ model }) => model.id === worst?.domain)
  if (far === 0 || worst === undefined || view === undefined) return first
  const told = Math.max(worst.above, worst.below)
  if (told === 0) return `${first} ${say({ id: 'unusual.places', defaultMessage: '{count, plural, one {One place is} other {# places are}} unusual.' }, { count: far })}`
  const rest = far - told
  const parts = [first, layerSentence(view, worst, unusual, isHistory, seen)]
  if (rest > 0) parts.push(say({ id: 'unusual.elsewhere', defaultMessage: '{count, plural, one {One more place is} other {# more places are}} unusual.' }, { count: rest }))
  return parts.join(' ')
}

function wholeCity(city: string, share: number, isHistory: boolean): string {
  if (isHistory) {
    if (share === 0) return say({ id: 'unusual.cityWasUsual', defaultMessage: '{city} was as usual.' }, { city })
    if (share < MOSTLY) return say({ id: 'unusual.cityWasMostly', defaultMessage: '{city} was mostly as usual.' }, { city })
    return say({ id: 'unusual.cityWasNot', defaultMessage: '{city} was not as usual.' }, { city })
  }
  if (share === 0) return say({ id: 'unusual.cityUsual', defaultMessage: '{city} is as usual.' }, { city })
  if (share < MOSTLY) return say({ id: 'unusual.cityMostly', defaultMessage: '{city} is mostly as usual.' }, { city })
  return say({ id: 'unusual.cityNot', defaultMessage: '{city} is not as usual.' }, { city })
}

/** Of the places compared; chance alone puts about one in a hundred as far out. */
const MOSTLY = 0.1

/** Of the side on which there are more: where, and since when. */
function layerSentence({ model }: DomainView, layer: UnusualLayer, { places }: Unusual, isHistory: boolean, seen: Seen): string {
  const isAbove = layer.above >= layer.below
  const count = isAbove ? layer.above : layer.below
  const kind = isAbove ? 'above' : 'below'
  const those = places.filter((place) => place.domain === layer.domain && place.kind === kind)
  const since = sinceWords(earliest(those), seen)
  const values = {
    layer: model.name,
    side: kind,
    count,
    of: formatNumber(layer.compared),
    place: those[0]?.name ?? '',
    since: since === '' ? '' : ` ${since}`,
  }
  if (isHistory) return say({ id: 'unusual.layerWas', defaultMessage: '{layer} was far {side, select, above {above} other {below}} usual at {count, plural, one {{place}} other {# of {of} places, most at {place}}}.' }, values)
  return say({ id: 'unusual.layerIs', defaultMessage: '{layer} is far {side, select, above {above} other {below}} usual at {count, plural, one {{place}{since}} other {# of {of} places, most at {place}{since}}}.' }, { ...values, since: since === '' ? '' : `, ${since}` })
}

function earliest(places: readonly UnusualPlace[]): Pick<UnusualPlace, 'sinceMs' | 'isBefore'> {
  return places.filter(({ sinceMs }) => sinceMs !== undefined).toSorted((a, b) => a.sinceMs! - b.sinceMs!)[0] ?? {}
}

/** Those that are no silence: as many as the list has before the silent. */
function farOf({ unusual, late, lost, clockError }: UnusualLayer): number {
  return unusual - late - lost - clockError
}

function sumOf(layers: readonly UnusualLayer[], count: (layer: UnusualLayer) => number): number {
  return layers.reduce((sum, layer) => sum + count(layer), 0)
}
