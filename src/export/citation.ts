/**
 * A view as it is cited: whose data, which number over which window, at which instant with its offset, under which
 * licence, shown with what, and the link that shows it again. As one paragraph, and as an entry of BibTeX.
 */
import { localTime } from '../core/time/zone.ts'
import { say } from '../language/say.ts'

export interface Cited {
  readonly cityId: string
  readonly city: string
  readonly domain: string
  readonly layer: string
  /** With its window: "LAeq over 15 min, energetic mean of sensors". */
  readonly statistic: string
  readonly unit: string
  readonly atMs: number
  readonly timeZone: string
  /** Brokers, and what the city says of its sources. */
  readonly sources: readonly string[]
  readonly licence?: string | undefined
  readonly isSimulated: boolean
  /** `Belvedere 0.1.0` */
  readonly software: string
  /** Holds the time. */
  readonly link: string
}

export function citationOf(cited: Cited): string {
  const { city, layer, statistic, unit, atMs, timeZone, sources, licence, isSimulated, software, link } = cited
  return [
    say({ id: 'cite.what', defaultMessage: '{city}, {layer}: {measure}.' }, { city, layer, measure: measureWords({ statistic, unit }) }),
    say({ id: 'cite.when', defaultMessage: '{instant} ({zone}).' }, { instant: isoWithOffset(atMs, timeZone), zone: timeZone }),
    isSimulated ? say({ id: 'cite.simulated', defaultMessage: 'Simulated data: no sensor measured it.' }) : '',
    sources.length === 0 ? '' : say({ id: 'cite.source', defaultMessage: 'Source: {source}.' }, { source: sources.map(withoutStop).join('; ') }),
    say({ id: 'cite.licence', defaultMessage: 'Licence: {licence}.' }, { licence: licence === undefined ? say({ id: 'cite.noLicence', defaultMessage: 'none stated' }) : withoutStop(licence) }),
    say({ id: 'cite.software', defaultMessage: 'Shown with {software}.' }, { software }),
    link,
  ]
    .filter((part) => part !== '')
    .join(' ')
}

/** For programs: it says the same whatever the page speaks. */
export function bibtexOf({ cityId, city, domain, layer, statistic, unit, atMs, timeZone, sources, licence, isSimulated, software, link }: Cited): string {
  const instant = isoWithOffset(atMs, timeZone)
  const note = [isSimulated ? 'Simulated data: no sensor measured it' : '', licence === undefined ? '' : `Licence: ${licence}`, `Shown with ${software}`].filter((part) => part !== '').join('. ')
  const fields: readonly (readonly [name: string, value: string])[] = [
    ['author', `{${escapeBibtex(sources.join('; ') || city)}}`],
    ['title', escapeBibtex(`${city}, ${layer}: ${measureWords({ statistic, unit })}, ${instant}`)],
    ['year', String(localTime(atMs, timeZone).year)],
    // In a URL nothing is escaped; braces would end it.
    ['howpublished', `\\url{${link.replaceAll(/[{}\\\s]/g, (character) => encodeURIComponent(character))}}`],
    ['note', escapeBibtex(note)],
  ]
  const key = [cityId, domain, new Date(atMs).toISOString().replace(/\.\d+Z$/, 'Z').replaceAll(/[-:]/g, '')].join('-').replaceAll(/[^A-Za-z0-9-]/g, '-')
  return `@misc{${key},\n${fields.map(([name, value]) => `  ${name} = {${value}},\n`).join('')}}\n`
}

/** "2026-11-20T08:14:00+01:00": the city's clock, to the second. */
export function isoWithOffset(ms: number, timeZone: string): string {
  const { year, month, day, hour, minute, second, offsetMinutes } = localTime(ms, timeZone)
  const size = Math.abs(offsetMinutes)
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

export function measureWords({ statistic, unit }: Pick<Cited, 'statistic' | 'unit'>): string {
  return unit === '' ? statistic : `${statistic}, ${unit}`
}

/** Braces and backslashes are taken out: unpaired, they would end the field. */
function escapeBibtex(text: string): string {
  return text.replaceAll(/[{}\\]/g, ' ').replaceAll(/[\s\p{Cc}]+/gu, ' ').replaceAll(/[&%$#_^~]/g, (character) => (character === '^' || character === '~' ? `\\${character}{}` : `\\${character}`)).trim()
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, '')
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
