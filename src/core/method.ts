/** How a number is made: a formula by its name, in signs, and where it comes from. */
import type { Source } from './source.ts'

export interface Method {
  /** "energetic mean, LAeq,T" */
  readonly name: string
  /** "10 lg( (1/T) Σ tᵢ 10^(Lᵢ/10) )" */
  readonly formula: string
  /** What the signs stand for, and which choice was made where the document leaves one. */
  readonly where?: string
  readonly source: Source
}
