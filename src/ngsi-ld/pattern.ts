/**
 * Regular expressions of the outside (`idPattern`, `~=`), matched without backtracking.
 *
 * The host's engine backtracks, so one `(a+)+$` from a stranger would stop the thread for minutes. Here a
 * pattern becomes a small program whose states advance together (Thompson 1968): time is at most
 * length of text × length of program, whatever the pattern. The price is the constructs that need
 * backtracking: back-references and look-around are refused.
 */
import { err, ok, type Result } from '../core/result.ts'

export interface Pattern {
  readonly source: string
  /** Does the pattern occur anywhere in the text? Anchor it with ^ and $ to match the whole. */
  test(text: string): boolean
}

/** Longer patterns, and those that unfold beyond this many steps (`a{1000}{1000}`), are refused. */
export const MAX_PATTERN_LENGTH = 1_000
const MAX_STEPS = 2_000
const MAX_DEPTH = 50
/** Only this much of a text is looked at, and `$` does not meet the cut: values of that length are documents, not words. */
export const MAX_SUBJECT_LENGTH = 4_096

type Accepts = (char: number) => boolean

type Node =
  | { readonly kind: 'one'; readonly accepts: Accepts }
  | { readonly kind: 'edge'; readonly edge: Edge }
  | { readonly kind: 'all'; readonly nodes: readonly Node[] }
  | { readonly kind: 'any'; readonly nodes: readonly Node[] }
  | { readonly kind: 'repeat'; readonly node: Node; readonly min: number; readonly max: number }

type Edge = 'start' | 'end' | 'word' | 'not-word'

type Step =
  | { readonly kind: 'one'; readonly accepts: Accepts }
  | { readonly kind: 'edge'; readonly edge: Edge }
  | { readonly kind: 'fork'; first: number; second: number }
  | { readonly kind: 'jump'; to: number }
  | { readonly kind: 'match' }

export function compilePattern(source: string): Result<Pattern, string> {
  if (source.length > MAX_PATTERN_LENGTH) return err(`pattern longer than ${MAX_PATTERN_LENGTH} characters`)
  const steps: Step[] = []
  try {
    emit(new Parser(source).parse(), steps)
  } catch (error) {
    if (error instanceof Refused) return err(error.message)
    throw error
  }
  steps.push({ kind: 'match' })
  return ok({ source, test: (text) => run(steps, text) })
}

/** How the parser leaves its recursion; never escapes `compilePattern`. */
class Refused extends Error {}

function emit(node: Node, steps: Step[]): void {
  if (steps.length > MAX_STEPS) throw new Refused('pattern too complex')
  switch (node.kind) {
    case 'one':
    case 'edge':
      steps.push(node)
      return
    case 'all':
      for (const part of node.nodes) emit(part, steps)
      return
    case 'any': {
      const ends: { to: number }[] = []
      node.nodes.forEach((choice, index) => {
        if (index === node.nodes.length - 1) return emit(choice, steps)
        const fork = { kind: 'fork' as const, first: steps.length + 1, second: 0 }
        steps.push(fork)
        emit(choice, steps)
        const end = { kind: 'jump' as const, to: 0 }
        steps.push(end)
        ends.push(end)
        fork.second = steps.length
      })
      for (const end of ends) end.to = steps.length
      return
    }
    case 'repeat': {
      for (let count = 0; count < node.min; count++) emit(node.node, steps)
      if (node.max === Infinity) {
        const fork = { kind: 'fork' as const, first: steps.length + 1, second: 0 }
        const at = steps.push(fork) - 1
        emit(node.node, steps)
        steps.push({ kind: 'jump', to: at })
        fork.second = steps.length
        return
      }
      const forks: { second: number }[] = []
      for (let count = node.min; count < node.max; count++) {
        const fork = { kind: 'fork' as const, first: steps.length + 1, second: 0 }
        steps.push(fork)
        forks.push(fork)
        emit(node.node, steps)
      }
      for (const fork of forks) fork.second = steps.length
    }
  }
}

function run(steps: readonly Step[], whole: string): boolean {
  const isCut = whole.length > MAX_SUBJECT_LENGTH
  const text = Array.from(isCut ? whole.slice(0, MAX_SUBJECT_LENGTH) : whole, (char) => char.codePointAt(0)!)
  // `seen[step]` is the round (position + 1) in which the step was last entered: no state is followed twice a round.
  const seen = new Int32Array(steps.length)
  let active: number[] = []
  const pending: number[] = []
  for (let at = 0; at <= text.length; at++) {
    pending.push(0) // unanchored: a match may begin anywhere
    for (const step of active) pending.push(step)
    const waiting: number[] = []
    while (pending.length > 0) {
      const index = pending.pop()!
      if (seen[index] === at + 1) continue
      seen[index] = at + 1
      const step = steps[index]!
      if (step.kind === 'match') return true
      if (step.kind === 'jump') pending.push(step.to)
      else if (step.kind === 'fork') pending.push(step.second, step.first)
      else if (step.kind === 'edge') {
        if (isAtEdge(step.edge, text, at) && !(isCut && step.edge === 'end')) pending.push(index + 1)
      } else waiting.push(index)
    }
    active = []
    if (at === text.length) return false
    const char = text[at]!
    for (const index of waiting) {
      const step = steps[index]!
      if (step.kind === 'one' && step.accepts(char)) active.push(index + 1)
    }
  }
  return false
}

function isAtEdge(edge: Edge, text: readonly number[], at: number): boolean {
  if (edge === 'start') return at === 0
  if (edge === 'end') return at === text.length
  const before = at > 0 && isWord(text[at - 1]!)
  const after = at < text.length && isWord(text[at]!)
  return (before !== after) === (edge === 'word')
}

const isDigit: Accepts = (char) => char >= 48 && char <= 57
const isWord: Accepts = (char) => isDigit(char) || (char >= 65 && char <= 90) || (char >= 97 && char <= 122) || char === 95
const isSpace: Accepts = (char) => (char >= 9 && char <= 13) || char === 32 || char === 0xa0 || char === 0xfeff || char === 0x2028 || char === 0x2029
const isNewline: Accepts = (char) => char === 10 || char === 13 || char === 0x2028 || char === 0x2029
const not =
  (accepts: Accepts): Accepts =>
  (char) =>
    !accepts(char)

const CLASSES: ReadonlyMap<string, Accepts> = new Map([
  ['d', isDigit],
  ['D', not(isDigit)],
  ['w', isWord],
  ['W', not(isWord)],
  ['s', isSpace],
  ['S', not(isSpace)],
])
const CONTROLS: ReadonlyMap<string, number> = new Map([
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['f', 12],
  ['v', 11],
  ['0', 0],
])

/** Recursive descent over the code points of the pattern. */
class Parser {
  readonly #chars: readonly string[]
  #at = 0
  #depth = 0

  constructor(source: string) {
    this.#chars = Array.from(source)
  }

  parse(): Node {
    const node = this.#choice()
    if (this.#at < this.#chars.length) throw new Refused('unmatched )')
    return node
  }

  #choice(): Node {
    if (++this.#depth > MAX_DEPTH) throw new Refused('pattern nested too deeply')
    const nodes = [this.#sequence()]
    while (this.#take('|')) nodes.push(this.#sequence())
    this.#depth--
    return nodes.length === 1 ? nodes[0]! : { kind: 'any', nodes }
  }

  #sequence(): Node {
    const nodes: Node[] = []
    for (let char = this.#chars[this.#at]; char !== undefined && char !== '|' && char !== ')'; char = this.#chars[this.#at]) {
      nodes.push(this.#repeated(this.#atom()))
    }
    return { kind: 'all', nodes }
  }

  #repeated(node: Node): Node {
    const bounds = this.#bounds()
    if (bounds === undefined) return node
    if (node.kind === 'edge') throw new Refused('nothing to repeat')
    this.#take('?') // lazy or greedy: the same texts match
    if (this.#bounds() !== undefined) throw new Refused('nothing to repeat')
    return { kind: 'repeat', node, ...bounds }
  }

  #bounds(): { readonly min: number; readonly max: number } | undefined {
    if (this.#take('*')) return { min: 0, max: Infinity }
    if (this.#take('+')) return { min: 1, max: Infinity }
    if (this.#take('?')) return { min: 0, max: 1 }
    if (this.#chars[this.#at] !== '{') return undefined
    const match = /^\{(\d{1,4})(,(\d{1,4})?)?\}/.exec(this.#chars.slice(this.#at, this.#at + 12).join(''))
    if (match === null) throw new Refused('expected {n}, {n,} or {n,m}')
    this.#at += match[0].length
    const min = Number(match[1])
    const max = match[2] === undefined ? min : match[3] === undefined ? Infinity : Number(match[3])
    if (max < min) throw new Refused('numbers out of order in {}')
    return { min, max }
  }

  #atom(): Node {
    const char = this.#chars[this.#at++]!
    switch (char) {
      case '.':
        return { kind: 'one', accepts: not(isNewline) }
      case '^':
        return { kind: 'edge', edge: 'start' }
      case '$':
        return { kind: 'edge', edge: 'end' }
      case '[':
        return { kind: 'one', accepts: this.#set() }
      case '(': {
        if (this.#take('?') && !this.#take(':')) throw new Refused('look-around and named groups are not supported')
        const node = this.#choice()
        if (!this.#take(')')) throw new Refused('missing )')
        return node
      }
      case '\\':
        return this.#escaped()
      case '*':
      case '+':
      case '?':
      case '{':
        throw new Refused('nothing to repeat')
      default:
        return literal(char)
    }
  }

  #escaped(): Node {
    const next = this.#chars[this.#at]
    if (next === 'b' || next === 'B') {
      this.#at++
      return { kind: 'edge', edge: next === 'b' ? 'word' : 'not-word' }
    }
    const accepted = this.#escape()
    return { kind: 'one', accepts: typeof accepted === 'number' ? (char) => char === accepted : accepted }
  }

  /** After a backslash: a class, or the one character meant. */
  #escape(): Accepts | number {
    const char = this.#chars[this.#at++]
    if (char === undefined) throw new Refused('\\ at the end')
    const named = CLASSES.get(char) ?? CONTROLS.get(char)
    if (named !== undefined) return named
    if (char === 'x' || char === 'u') {
      const digits = char === 'x' ? 2 : 4
      const hex = this.#chars.slice(this.#at, this.#at + digits).join('')
      if (!new RegExp(`^[0-9a-fA-F]{${digits}}$`).test(hex)) throw new Refused(`expected ${digits} hexadecimal digits`)
      this.#at += digits
      return Number.parseInt(hex, 16)
    }
    if (/[A-Za-z0-9]/.test(char)) throw new Refused(`\\${char} is not supported`)
    return char.codePointAt(0)!
  }

  #set(): Accepts {
    const negated = this.#take('^')
    const parts: Accepts[] = []
    while (!this.#take(']')) {
      const from = this.#member()
      const ranged = typeof from === 'number' && this.#chars[this.#at] === '-' && this.#chars[this.#at + 1] !== ']'
      if (typeof from !== 'number') parts.push(from)
      else if (!ranged) parts.push((char) => char === from)
      else {
        this.#at++
        const to = this.#member()
        if (typeof to !== 'number' || to < from) throw new Refused('range out of order in []')
        parts.push((char) => char >= from && char <= to)
      }
    }
    const accepts: Accepts = (char) => parts.some((part) => part(char))
    return negated ? not(accepts) : accepts
  }

  #member(): Accepts | number {
    const char = this.#chars[this.#at++]
    if (char === undefined) throw new Refused('missing ]')
    if (char !== '\\') return char.codePointAt(0)!
    if (this.#take('b')) return 8 // backspace, as everywhere inside []
    return this.#escape()
  }

  #take(char: string): boolean {
    if (this.#chars[this.#at] !== char) return false
    this.#at++
    return true
  }
}

function literal(text: string): Node {
  const wanted = text.codePointAt(0)!
  return { kind: 'one', accepts: (char) => char === wanted }
}
