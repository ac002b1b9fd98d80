/** A city's notes as flags of a time axis. */
import { useMemo } from 'react'
import type { CityPlan } from '../../configuration/city-plan.ts'
import { useAnnotations } from './annotation-queries.ts'
import { flagsOf, type Flag } from './flags.ts'

export function useFlags(plan: CityPlan, fromMs: number, toMs: number): readonly Flag[] {
  const annotations = useAnnotations(plan)
  return useMemo(() => flagsOf(annotations, fromMs, toMs), [annotations, fromMs, toMs])
}
