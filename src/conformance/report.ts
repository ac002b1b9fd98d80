/** All checks of one broker, put together: what people read, export and compare. */
import { ACCESS_CHECKS } from './checks-access.ts'
import { LINKING_CHECKS } from './checks-linking.ts'
import { MODEL_CHECKS } from './checks-models.ts'
import { PLACE_CHECKS } from './checks-places.ts'
import { TRUST_CHECKS } from './checks-trust.ts'
import type { Evidence, Outcome } from './check.ts'
import type { Answers } from './exchange.ts'
import { MIM_IDS, MIMS, type Mim, type MimId } from './mims.ts'

export interface ConformanceResult {
  readonly check: string
  readonly mim: Mim
  readonly requirement: string
  readonly title: string
  readonly outcome: Outcome
  /** One sentence. */
  readonly words: string
  /** What to do, when it failed. */
  readonly remedy?: string
  /** Where the city declares it, when it is not checkable from here. */
  readonly declaration?: string
  readonly evidence?: Evidence
}

export interface ConformanceReport {
  /** Of the broker in the city's configuration, or the address that was given. */
  readonly of: string
  readonly atMs: number
  /** Whether it answered at all, whatever it said. */
  readonly isReached: boolean
  /** Why not. */
  readonly failure?: string
  readonly results: readonly ConformanceResult[]
}

const CHECKS = [...ACCESS_CHECKS, ...LINKING_CHECKS, ...MODEL_CHECKS, ...TRUST_CHECKS, ...PLACE_CHECKS].toSorted((a, b) => MIM_IDS.indexOf(a.mim) - MIM_IDS.indexOf(b.mim))

export function conformanceOf(answers: Answers, given: { readonly of: string; readonly atMs: number; readonly mims?: Readonly<Partial<Record<MimId, Partial<Mim>>>> | undefined }): ConformanceReport {
  const { of, atMs, mims = {} } = given
  const all = [...answers.exchanges.values()]
  const isReached = all.some(({ status }) => status !== undefined)
  const failure = all.find((one) => one.failure !== undefined)?.failure
  const results = CHECKS.map(({ id, mim, requirement, title, remedy, judge }): ConformanceResult => {
    const verdict = judge(answers)
    const declaration = answers.facts.declarations?.[mim]
    return {
      check: id,
      mim: { ...MIMS[mim], ...mims[mim] },
      requirement,
      title,
      ...verdict,
      ...(verdict.outcome === 'fail' && { remedy }),
      ...(verdict.outcome === 'not checkable' && declaration !== undefined && { declaration }),
    }
  })
  return { of, atMs, isReached, ...(!isReached && failure !== undefined && { failure }), results }
}

/** Results of each mechanism, in their order. */
export function byMim({ results }: ConformanceReport): readonly { readonly mim: Mim; readonly results: readonly ConformanceResult[] }[] {
  const groups = new Map<string, { readonly mim: Mim; readonly results: ConformanceResult[] }>()
  for (const result of results) {
    const key = `${result.mim.number} ${result.mim.name}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { mim: result.mim, results: [result] })
    else group.results.push(result)
  }
  return [...groups.values()]
}

export function countOf(results: readonly ConformanceResult[], outcome: Outcome): number {
  return results.filter((result) => result.outcome === outcome).length
}
