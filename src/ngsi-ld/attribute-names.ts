/**
 * Attributes by name as cities spell them: short or expanded, in any case.
 *
 * A domain's reader asks every entity for names that most do not have, and each such question is a pass
 * over the attributes. So names are compared in one plain form that is made once for each spelling.
 */
import { shortName, type Attribute, type Entity } from './entity.ts'

const plainNames = new Map<string, string>()
const MOST_NAMES = 10_000 // the same few hundred come again and again; a hostile broker must not fill the memory

/** Short name in lower case. */
export function plainName(fullName: string): string {
  const known = plainNames.get(fullName)
  if (known !== undefined) return known
  if (plainNames.size >= MOST_NAMES) plainNames.clear()
  const plain = shortName(fullName).toLowerCase()
  plainNames.set(fullName, plain)
  return plain
}

/** The instance without a datasetId, else the first. `instances` is not empty. */
export function defaultOf(instances: readonly Attribute[]): Attribute {
  return instances.find((one) => one.datasetId === undefined) ?? instances[0]!
}

/** The attribute under the first of `plain` that the entity has; the names in their plain form. */
export function findAttribute(entity: Entity, plain: readonly string[]): Attribute | undefined {
  let best: Attribute | undefined
  let bestRank = plain.length
  for (const [fullName, instances] of entity.attributes) {
    if (instances.length === 0) continue
    const rank = plain.indexOf(plainName(fullName))
    if (rank >= 0 && rank < bestRank) {
      best = defaultOf(instances)
      bestRank = rank
    }
  }
  return best
}
