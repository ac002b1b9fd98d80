/**
 * What is wrong with a catalogue, by the English one: ids that lack or are too many, texts that are no ICU, other
 * arguments, and plurals without a form that the language has.
 */
import { parse, TYPE, type MessageFormatElement } from '@formatjs/icu-messageformat-parser'
import { idsBeside } from '../config/words.mjs'
import type { Catalogue } from '../src/language/say.ts'

export function catalogueFaults(tag: string, english: Catalogue, catalogue: Catalogue): readonly string[] {
  const { missing, surplus } = idsBeside(english, catalogue)
  const shared = Object.keys(english).filter((id) => Object.hasOwn(catalogue, id))
  return [...missing.map((id) => `${id}: missing`), ...surplus.map((id) => `${id}: not in English`), ...shared.flatMap((id) => messageFaults(tag, english[id]!, catalogue[id]!).map((fault) => `${id}: ${fault}`))]
}

function messageFaults(tag: string, english: string, text: string): readonly string[] {
  if (text.trim() === '') return ['says nothing']
  const original = read(english)
  const translated = read(text)
  if (typeof original === 'string') return [`the English text is no message: ${original}`]
  if (typeof translated === 'string') return [translated]
  const faults: string[] = []
  const wanted = argumentsOf(original)
  const given = argumentsOf(translated)
  if (wanted.join() !== given.join()) faults.push(`arguments ${given.join(', ') || 'none'} instead of ${wanted.join(', ') || 'none'}`)
  const selects = selectsOf(original).join()
  if (selects !== selectsOf(translated).join()) faults.push(`chooses among ${selectsOf(translated).join() || 'nothing'} instead of ${selects || 'nothing'}`)
  for (const element of deep(translated)) {
    if (element.type !== TYPE.plural) continue
    const kind = element.pluralType ?? 'cardinal'
    const lacking = formsOf(tag, kind).filter((form) => !Object.hasOwn(element.options, form))
    if (lacking.length > 0) faults.push(`{${element.value}} lacks the form ${lacking.join(', ')}`)
    const foreign = Object.keys(element.options).filter((form) => !form.startsWith('=') && form !== 'other' && !new Intl.PluralRules(tag, { type: kind }).resolvedOptions().pluralCategories.includes(form as Intl.LDMLPluralRule))
    if (foreign.length > 0) faults.push(`{${element.value}} has a form that ${tag} does not know: ${foreign.join(', ')}`)
  }
  return faults
}

/** What whole numbers below a million need: French `many` is for a million, which no page counts to but in digits. */
function formsOf(tag: string, type: 'cardinal' | 'ordinal'): readonly string[] {
  const rules = new Intl.PluralRules(tag, { type })
  return [...new Set([0, 1, 2, 3, 4, 5, 6, 11, 20, 21, 100, 1_000].map((count) => rules.select(count)))]
}

function read(text: string): readonly MessageFormatElement[] | string {
  try {
    return parse(text)
  } catch (cause) {
    return `no ICU message: ${cause instanceof Error ? cause.message : String(cause)}`
  }
}

/** `name`, `count (plural)`: once each, in the order of the alphabet, for another language puts them in another one. */
function argumentsOf(message: readonly MessageFormatElement[]): readonly string[] {
  const found = deep(message).flatMap((element) => {
    if (element.type === TYPE.literal || element.type === TYPE.pound) return []
    // A language may say with one word what another says for each number.
    return element.type === TYPE.plural || element.type === TYPE.argument ? [element.value] : [`${element.value} (${TYPE[element.type] ?? ''})`]
  })
  return [...new Set(found)].toSorted()
}

function selectsOf(message: readonly MessageFormatElement[]): readonly string[] {
  return [...new Set(deep(message).flatMap((element) => (element.type === TYPE.select ? [`${element.value}: ${Object.keys(element.options).toSorted().join('|')}`] : [])))].toSorted()
}

function deep(message: readonly MessageFormatElement[]): readonly MessageFormatElement[] {
  return message.flatMap((element) => {
    if (element.type === TYPE.plural || element.type === TYPE.select) return [element, ...Object.values(element.options).flatMap(({ value }) => deep(value))]
    return element.type === TYPE.tag ? [element, ...deep(element.children)] : [element]
  })
}
