/**
 * How a number was made, in one sentence and in detail. The one generator: tile, drawer, map, export and
 * alternative text say what this says.
 *
 * It reads the frame that is drawn and computes nothing anew but who is in it, so that what is explained
 * is what is shown.
 */
import { detailsOf, type Section } from './details.ts'
import { factsOf, type ExplainInput } from './facts.ts'
import { sentenceOf, trustOf } from './sentence.ts'

export interface Explanation {
  /** One sentence: what, how much, against usual, of how many. */
  readonly sentence: string
  /** What must be known to trust it, a sentence each. */
  readonly trust: readonly string[]
  readonly sections: readonly Section[]
}

export function explain(input: ExplainInput): Explanation {
  const facts = factsOf(input)
  return { sentence: sentenceOf(input, facts), trust: trustOf(input, facts), sections: detailsOf(input, facts) }
}

/** The sentences alone, for who hears the page and for captions: cheap enough for every tile, several times a second. */
export function explainBriefly(input: ExplainInput): string {
  const facts = factsOf(input)
  return [sentenceOf(input, facts), ...trustOf(input, facts)].join(' ')
}
