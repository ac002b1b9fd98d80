/** What an entity says of how far its values can be trusted: calibration, method, class, quality. Nothing is assumed where it says nothing. */
import type { Json, JsonObject } from '../../ngsi-ld/entity.ts'
import { textOf, type Fact } from './links.ts'

/** Attributes of Smart Data Models and of the pilots that say so; of the entity itself, or of a measured attribute. */
const SAYS = /^(calibrat\w*|dateLastCalibration|lastCalibration\w*|sonometerClass|sensorClass|accuracyClass|measurementMethod|measurand?Method|method|procedure|usedProcedure|quality\w*|dataQuality|validity|reliability|accuracy|precision|uncertainty|sensorType)$/i

/** More is a data sheet. */
const MOST = 12

export function trustOf(raw: Json): readonly Fact[] {
  if (!isObject(raw)) return []
  const facts: Fact[] = []
  for (const [name, attribute] of Object.entries(raw)) {
    if (SAYS.test(shortOf(name))) push(facts, shortOf(name), attribute)
    if (!isObject(attribute)) continue
    for (const [sub, value] of Object.entries(attribute)) if (SAYS.test(shortOf(sub))) push(facts, `${shortOf(name)}.${shortOf(sub)}`, value)
  }
  return facts.slice(0, MOST)
}

function push(facts: Fact[], name: string, attribute: Json): void {
  const text = textOf(attribute)
  if (text !== undefined && text !== '') facts.push({ name, text: text.slice(0, 200) })
}

function shortOf(name: string): string {
  return name.split(/[/#]/).at(-1) ?? name
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
