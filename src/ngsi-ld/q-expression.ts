/**
 * The NGSI-LD query language `q` as a value (CIM 009 v1.9.1, 4.9).
 *
 *     noise.LAeq>=55;(status=="ok"|status=="late");dateObserved==2024-01-01T00:00:00Z..2024-02-01T00:00:00Z
 *
 * `;` binds tighter than `|`. The text comes from outside: its length, its nesting and the number of its
 * terms are bounded, and every refusal says where it stopped. What it means is in `match.ts`.
 * Queries that follow a relationship into another entity (`managedBy{Person}.name`, 4.9 "linked entities") are
 * refused: they would need entities that the caller does not have.
 */
import { err, ok, type Result } from '../core/result.ts'
import { parseIso } from '../core/time/instant.ts'
import { compilePattern, type Pattern } from './pattern.ts'

export type QExpression =
  | { readonly kind: 'and' | 'or'; readonly terms: readonly QExpression[] }
  | { readonly kind: 'exists'; readonly path: QPath }
  | { readonly kind: 'equal' | 'unequal'; readonly path: QPath; readonly operands: readonly QOperand[] }
  | { readonly kind: 'compare'; readonly path: QPath; readonly operator: '<' | '<=' | '>' | '>='; readonly value: QValue }
  | { readonly kind: 'pattern'; readonly path: QPath; readonly negated: boolean; readonly pattern: Pattern }

/** `attr.sub[path.to.json]`; the trail goes into the JSON value, or names a language. */
export interface QPath {
  readonly attributes: readonly string[]
  readonly trail: readonly string[]
}

export type QOperand = QValue | { readonly from: QValue; readonly to: QValue }

export type QValue =
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'boolean'; readonly boolean: boolean }
  | { readonly kind: 'string' | 'uri'; readonly text: string }
  /** A date, or a date and time: `ms` as if a missing zone were UTC. */
  | { readonly kind: 'instant'; readonly ms: number; readonly text: string }
  /** `12:30:00Z`: ordered as text. */
  | { readonly kind: 'time'; readonly text: string }

export interface QError {
  readonly at: number
  readonly expected: string
}

export const MAX_Q_LENGTH = 8_192
const MAX_TERMS = 256
const MAX_DEPTH = 32

export function parseQ(text: string): Result<QExpression, QError> {
  if (text.length > MAX_Q_LENGTH) return err({ at: MAX_Q_LENGTH, expected: `at most ${MAX_Q_LENGTH} characters` })
  try {
    return ok(new QParser(text).parse())
  } catch (error) {
    if (error instanceof Stopped) return err({ at: error.at, expected: error.expected })
    throw error
  }
}

/** One line for a person. */
export function describeQError(error: QError, text: string): string {
  const rest = text.slice(error.at, error.at + 20)
  return `q at character ${error.at}: expected ${error.expected}, got ${rest === '' ? 'the end' : JSON.stringify(rest)}`
}

/** How the parser leaves its recursion; never escapes `parseQ`. */
class Stopped extends Error {
  readonly at: number
  readonly expected: string
  constructor(at: number, expected: string) {
    super(expected)
    this.at = at
    this.expected = expected
  }
}

const OPERATORS = ['!~=', '==', '!=', '>=', '<=', '~=', '>', '<'] as const
type Operator = (typeof OPERATORS)[number]

// A name ends where an operator, a trail or the next term begins. A full URI as a name keeps its `:`, `/`, `#` and dots.
const NAME = /[^=!<>~;|()[\],"{}\s]+/y
const EXPANDED = /^[a-z][a-z0-9+.-]*:\/\//i
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/
const TIME = /^([01]\d|2[0-4]):[0-5]\d:[0-5]\d([.,]\d{1,9})?(Z|[+-]\d{2}:?\d{2})?$/
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/

class QParser {
  readonly #text: string
  #at = 0
  #depth = 0
  #terms = 0

  constructor(text: string) {
    this.#text = text
  }

  parse(): QExpression {
    const expression = this.#choice()
    if (this.#at < this.#text.length) this.#stop('; or | between terms')
    return expression
  }

  #choice(): QExpression {
    const terms = [this.#all()]
    while (this.#take('|')) terms.push(this.#all())
    return terms.length === 1 ? terms[0]! : { kind: 'or', terms }
  }

  #all(): QExpression {
    const terms = [this.#term()]
    while (this.#take(';')) terms.push(this.#term())
    return terms.length === 1 ? terms[0]! : { kind: 'and', terms }
  }

  #term(): QExpression {
    if (++this.#terms > MAX_TERMS) this.#stop(`at most ${MAX_TERMS} terms`)
    if (this.#take('(')) {
      if (++this.#depth > MAX_DEPTH) this.#stop(`at most ${MAX_DEPTH} nested parentheses`)
      const inner = this.#choice()
      if (!this.#take(')')) this.#stop(')')
      this.#depth--
      return inner
    }
    const path = this.#path()
    const operator = OPERATORS.find((one) => this.#text.startsWith(one, this.#at))
    if (operator === undefined) return { kind: 'exists', path }
    this.#at += operator.length
    return this.#comparison(path, operator)
  }

  #comparison(path: QPath, operator: Operator): QExpression {
    switch (operator) {
      case '==':
        return { kind: 'equal', path, operands: this.#operands() }
      case '!=':
        return { kind: 'unequal', path, operands: this.#operands() }
      case '~=':
      case '!~=':
        return { kind: 'pattern', path, negated: operator === '!~=', pattern: this.#pattern() }
      default: {
        const value = this.#value()
        if (value.kind === 'boolean' || value.kind === 'uri') this.#stop('a number, a "string", a date or a time to compare with')
        return { kind: 'compare', path, operator, value }
      }
    }
  }

  #path(): QPath {
    const name = this.#name()
    const attributes = EXPANDED.test(name) ? [name] : name.split('.')
    if (attributes.includes('')) this.#stop('a name after each dot')
    if (this.#text[this.#at] === '{') this.#stop('no linked entity')
    if (!this.#take('[')) return { attributes, trail: [] }
    const trail = this.#name().split('.')
    if (trail.includes('')) this.#stop('a name after each dot')
    if (!this.#take(']')) this.#stop(']')
    return { attributes, trail }
  }

  #name(): string {
    NAME.lastIndex = this.#at
    const match = NAME.exec(this.#text)
    if (match === null) return this.#stop('the name of an attribute')
    this.#at += match[0].length
    return match[0]
  }

  #operands(): QOperand[] {
    const operands = [this.#operand()]
    while (this.#take(',')) {
      if (++this.#terms > MAX_TERMS) this.#stop(`at most ${MAX_TERMS} values`)
      operands.push(this.#operand())
    }
    return operands
  }

  #operand(): QOperand {
    const from = this.#value()
    if (!this.#text.startsWith('..', this.#at)) return from
    this.#at += 2
    const to = this.#value()
    const ordered = from.kind === to.kind && from.kind !== 'boolean' && from.kind !== 'uri'
    if (!ordered) this.#stop('two numbers, strings, dates or times around ..')
    return { from, to }
  }

  #value(): QValue {
    if (this.#text[this.#at] === '"') return { kind: 'string', text: this.#quoted() }
    const start = this.#at
    const rest = /^[^;|(),"]*/.exec(this.#text.slice(start))![0]
    // `..` ends a value, but a URI may hold two dots in a row no more than a number may.
    const dots = rest.indexOf('..')
    const word = dots > 0 ? rest.slice(0, dots) : rest
    this.#at += word.length
    if (word === 'true' || word === 'false') return { kind: 'boolean', boolean: word === 'true' }
    if (NUMBER.test(word)) return { kind: 'number', number: Number(word) }
    const instant = parseIso(word)
    if (instant !== undefined) return { kind: 'instant', ms: instant.kind === 'instant' ? instant.ms : instant.wallMs, text: word }
    if (TIME.test(word)) return { kind: 'time', text: word }
    if (URI.test(word)) return { kind: 'uri', text: word }
    this.#at = start
    return this.#stop('a number, true, false, a "string", a date, a time or a URI')
  }

  #quoted(): string {
    const match = /^"(?:[^"\\]|\\[^])*"/.exec(this.#text.slice(this.#at))
    if (match === null) return this.#stop('a closing "')
    let text: unknown
    try {
      // Quotes and escapes are those of JSON; a raw control character is let through as itself.
      text = JSON.parse(match[0].replaceAll(/\p{Cc}/gu, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`))
    } catch {
      return this.#stop('JSON escapes inside the "string"')
    }
    this.#at += match[0].length
    return String(text)
  }

  /** In quotes, taken literally (backslashes belong to the pattern); bare, up to the next `;`, `|` or `)` outside parentheses. */
  #pattern(): Pattern {
    const start = this.#at
    const quoted = /^"((?:[^"\\]|\\[^])*)"/.exec(this.#text.slice(this.#at))
    const source = quoted === null ? this.#barePattern() : quoted[1]!.replaceAll('\\"', '"')
    if (quoted !== null) this.#at += quoted[0].length
    const compiled = source === '' ? err('empty') : compilePattern(source)
    if (compiled.ok) return compiled.value
    this.#at = start
    return this.#stop(`a regular expression (${compiled.error})`)
  }

  #barePattern(): string {
    let depth = 0
    const start = this.#at
    for (; this.#at < this.#text.length; this.#at++) {
      const char = this.#text[this.#at]
      if (char === '\\') this.#at++
      else if (char === '(') depth++
      else if (char === ')' && depth-- === 0) break
      else if ((char === ';' || char === '|') && depth === 0) break
    }
    this.#at = Math.min(this.#at, this.#text.length)
    return this.#text.slice(start, this.#at)
  }

  #take(char: string): boolean {
    if (this.#text[this.#at] !== char) return false
    this.#at++
    return true
  }

  #stop(expected: string): never {
    throw new Stopped(this.#at, expected)
  }
}
