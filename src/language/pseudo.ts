/**
 * A catalogue that nobody speaks, made of the English one: accents show what is translated, and a third more length
 * shows what has no room for German or Finnish. Arguments and their options stay as they are.
 */
import type { Catalogue } from './say.ts'

const PLAIN = 'ACDEGHIJKLNORSTUWYZacdeghijklnorstuwyz'
const ACCENTED = 'ÅÇÐÉĜĤÎĴĶĻÑÖŔŠŢÛŴÝŽåçðéĝĥîĵķļñöŕšţûŵýž'
const LONGER_BY = 0.35

export function pseudoCatalogue(english: Catalogue): Catalogue {
  return Object.fromEntries(Object.entries(english).map(([id, text]) => [id, pseudo(text)]))
}

/** `{count, plural, one {# sensor} other {# sensors}}`: what stands in braces of an argument's option is text again. */
export function pseudo(message: string): string {
  const end = textEnd(message, 0)
  return end === message.length ? pseudoText(message) : nested(message)
}

function nested(message: string): string {
  let out = ''
  let at = 0
  while (at < message.length) {
    const end = textEnd(message, at)
    out += pseudoText(message.slice(at, end))
    if (message[end] !== '{') {
      out += message.slice(end, end + 1)
      at = end + 1
      continue
    }
    const close = closing(message, end)
    out += argument(message.slice(end, close + 1))
    at = close + 1
  }
  return out
}

/** `{name}` as it is; of `{count, plural, …}` the texts of its options. */
function argument(braced: string): string {
  const head = /^\{\s*\w+\s*,\s*(?:plural|select|selectordinal)\s*,/.exec(braced)?.[0]
  if (head === undefined) return braced
  let out = head
  let at = head.length
  while (at < braced.length - 1) {
    const open = braced.indexOf('{', at)
    if (open === -1) break
    const close = closing(braced, open)
    out += `${braced.slice(at, open)}{${nested(braced.slice(open + 1, close))}}`
    at = close + 1
  }
  return `${out}${braced.slice(at)}`
}

function pseudoText(text: string): string {
  if (!/\p{L}/u.test(text)) return text
  const accented = [...text].map((letter) => ACCENTED[PLAIN.indexOf(letter)] ?? letter).join('')
  const letters = text.match(/\p{L}/gu)?.length ?? 0
  // At the end of its last word, so that a text of one word stays one.
  return accented.replace(/(?=[^\p{L}]*$)/u, '·'.repeat(Math.ceil(letters * LONGER_BY)))
}

function textEnd(message: string, from: number): number {
  for (let at = from; at < message.length; at++) if (message[at] === '{' || message[at] === '#') return at
  return message.length
}

function closing(message: string, open: number): number {
  let depth = 0
  for (let at = open; at < message.length; at++) {
    if (message[at] === '{') depth++
    if (message[at] === '}' && --depth === 0) return at
  }
  return message.length - 1
}
