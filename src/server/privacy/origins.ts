/** Where the history is of what the floor let pass whole: at the broker that has it. What the floor put together has its own. */
import type { BrokerAddress } from '../broker-address.ts'

export interface Origin {
  readonly address: BrokerAddress
  /** Attributes that pass, short names in lower case. */
  readonly passes: ReadonlySet<string>
}

export interface Origins {
  /** What pages know of the city's entities about people, in a lasting order; of all types, or of these. */
  ids(types: readonly string[] | undefined): readonly string[]
  /** Undefined for what the floor put together. */
  originOf(id: string): Origin | undefined
}
