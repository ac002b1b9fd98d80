/**
 * Which broker it is, from a few cheap questions: what its version says, and what gives it away where that is hidden
 * behind a gateway. Pure: who asks is elsewhere. A name that it gives itself decides; signs decide when they agree;
 * otherwise it is met as any broker.
 */
import { isObject, own } from '../decode-run.ts'
import type { ProfileId } from './profile.ts'
import { profileOf } from './profiles.ts'

export interface Probe {
  readonly id: 'version' | 'ex-version' | 'quarkus-info' | 'spring-info' | 'identity' | 'types' | 'entities' | 'nothing'
  /** `root` is the broker's address without `/ngsi-ld/v1`. */
  readonly at: 'root' | 'api'
  readonly path: string
}

/** All are reads that any broker may answer with 404. */
export const PROBES: readonly Probe[] = [
  { id: 'version', at: 'root', path: '/version' },
  { id: 'ex-version', at: 'root', path: '/ngsi-ld/ex/v1/version' },
  { id: 'quarkus-info', at: 'root', path: '/q/info' },
  { id: 'spring-info', at: 'root', path: '/actuator/info' },
  { id: 'identity', at: 'api', path: '/info/sourceIdentity' },
  { id: 'types', at: 'api', path: '/types' },
  { id: 'entities', at: 'api', path: '/entities?type=Device&limit=1' },
  // How it words an error.
  { id: 'nothing', at: 'api', path: '/entities/urn:ngsi-ld:Device:asked-by-belvedere' },
]

/** Longest that all of them together may take. */
export const PROBE_MS = 2_000
/** A version is short; a list of types may not be. */
export const MAX_PROBE_BYTES = 64 * 1024

export interface ProbeAnswer {
  readonly status: number
  readonly header: (name: string) => string | undefined
  readonly text: string
}

export type ProbeAnswers = ReadonlyMap<Probe['id'], ProbeAnswer>

export interface Recognition {
  readonly profile: ProfileId
  readonly version?: string
  /** Why, in words. */
  readonly evidence: string
}

interface Sign {
  readonly profile: ProfileId
  readonly evidence: string
  readonly version?: string | undefined
}

export function recogniseBroker(answers: ProbeAnswers, apiUrl: string): Recognition {
  const named = NAMES.flatMap((read) => read(answers) ?? [])
  const signs = named.length > 0 ? named : SIGNS.flatMap((read) => read(answers, apiUrl) ?? [])
  const [first] = signs
  if (first === undefined) return { profile: 'generic', evidence: answers.size === 0 ? 'it answered none of the questions' : 'nothing says which broker it is' }
  const others = signs.filter(({ profile }) => profile !== first.profile)
  if (others.length > 0) return { profile: 'generic', evidence: `signs that do not agree: ${signs.map(({ profile, evidence }) => `${evidence} (${profileOf(profile).name})`).join(', ')}` }
  const version = signs.find((sign) => sign.version !== undefined)?.version
  return { profile: first.profile, evidence: signs.map(({ evidence }) => evidence).join(', '), ...(version !== undefined && { version }) }
}

/** `Orion-LD 1.5.1`. */
export function nameOfBroker({ profile, version }: { readonly profile: string; readonly version?: string | undefined }): string {
  const { name } = profileOf(profile)
  return version === undefined ? name : `${name} ${version}`
}

/** What a broker calls itself. */
const NAMES: readonly ((answers: ProbeAnswers) => Sign | undefined)[] = [
  (answers) => {
    for (const id of ['version', 'ex-version'] as const) {
      const json = jsonIn(answers.get(id))
      for (const member of ['orionld version', 'Orion-LD version']) {
        if (json !== undefined && Object.hasOwn(json, member)) return { profile: 'orion-ld', evidence: `"${member}" in its version`, version: versionIn(own(json, member)) }
      }
    }
    return undefined
  },
  (answers) => {
    const build = partOf(jsonIn(answers.get('quarkus-info')), 'build')
    if (build === undefined || !/ngsildbroker|scorpio/i.test(namesIn(build))) return undefined
    return { profile: 'scorpio', evidence: `"${shownName(build)}" in /q/info`, version: versionIn(own(build, 'version')) }
  },
  (answers) => {
    const build = partOf(jsonIn(answers.get('spring-info')), 'build')
    if (build === undefined || !/stellio/i.test(namesIn(build))) return undefined
    return { profile: 'stellio', evidence: `"${shownName(build)}" in /actuator/info`, version: versionIn(own(build, 'version')) }
  },
  (answers) => {
    const identity = jsonIn(answers.get('identity'))
    if (identity === undefined) return undefined
    const said = ['contextSourceName', 'contextSourceAlias', 'contextSourceExtras'].map((name) => JSON.stringify(own(identity, name) ?? '')).join(' ')
    const found = IDENTITIES.filter(([, name]) => name.test(said))
    const [one] = found
    return one === undefined || found.length > 1 ? undefined : { profile: one[0], evidence: `${profileOf(one[0]).name} in its source identity`, version: versionIn(own(identity, 'contextSourceVersion')) }
  },
]

const IDENTITIES: readonly (readonly [ProfileId, RegExp])[] = [
  ['orion-ld', /orion-?ld/i],
  ['scorpio', /scorpio/i],
  ['stellio', /stellio/i],
]

/** What gives a broker away that hides its version. */
const SIGNS: readonly ((answers: ProbeAnswers, apiUrl: string) => Sign | undefined)[] = [
  (_, apiUrl) => (/\/api\/v3\/ext\/ngsi\/[^/]+(\/ngsi-ld\/v1)?\/?$/.test(apiUrl) ? { profile: 'obelisk', evidence: 'its address is that of an Obelisk data set' } : undefined),
  (answers) => (answers.get('entities')?.header('ngsild-entitymap') === undefined ? undefined : { profile: 'scorpio', evidence: 'the header NGSILD-EntityMap on a query' }),
  (answers) => {
    const list = jsonIn(answers.get('types'))
    const id = list === undefined ? undefined : own(list, 'id')
    return typeof id === 'string' && id.startsWith('entity-type-list-') ? { profile: 'diwise', evidence: 'its list of types has an id of diwise' } : undefined
  },
  (answers) => {
    const nothing = answers.get('nothing')
    const json = jsonIn(nothing)
    // Spring's ProblemDetail says on which path it arose; only Stellio is made with it.
    return json !== undefined && isNgsiLdError(json) && typeof own(json, 'instance') === 'string' ? { profile: 'stellio', evidence: 'errors that say on which path they arose' } : undefined
  },
  (answers) => {
    const nothing = answers.get('nothing')
    const json = jsonIn(nothing)
    if (json === undefined || !isNgsiLdError(json) || nothing?.header('content-language') !== 'en') return undefined
    return nothing.header('content-type')?.startsWith('application/problem+json') === true ? { profile: 'diwise', evidence: 'errors as problem+json in English' } : undefined
  },
  (answers) => {
    const types = answers.get('types')
    const isExpress = types?.header('x-powered-by') === 'Express' && types.status === 404 && /Cannot GET/.test(types.text)
    return isExpress && answers.get('entities')?.header('x-powered-by') === 'Express' ? { profile: 'djane', evidence: 'Express answers, and there is no /types' } : undefined
  },
]

function isNgsiLdError(json: Readonly<Record<string, unknown>>): boolean {
  return String(own(json, 'type')).startsWith('https://uri.etsi.org/ngsi-ld/errors/')
}

function jsonIn(answer: ProbeAnswer | undefined): Readonly<Record<string, unknown>> | undefined {
  if (answer === undefined) return undefined
  try {
    const json: unknown = JSON.parse(answer.text)
    return isObject(json) ? json : undefined
  } catch {
    return undefined // an error page, which is no name
  }
}

function partOf(json: Readonly<Record<string, unknown>> | undefined, name: string): Readonly<Record<string, unknown>> | undefined {
  const part = json === undefined ? undefined : own(json, name)
  return isObject(part) ? part : undefined
}

function namesIn(build: Readonly<Record<string, unknown>>): string {
  return ['name', 'group', 'artifact'].map((member) => String(own(build, member) ?? '')).join(' ')
}

function shownName(build: Readonly<Record<string, unknown>>): string {
  const name = own(build, 'name') ?? own(build, 'group') ?? own(build, 'artifact')
  return String(name).replaceAll(/[^\w .:-]/g, '').slice(0, 60)
}

/** It goes to every page: a version and nothing else. */
function versionIn(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w.+-]{1,40}$/.test(value) ? value : undefined
}
