/**
 * A plain entity of a batch into the readings that its domains apply together, without a string or an object.
 *
 * That is for sensors whose broker is known to hold them and whose names have not changed: nearly all. Every other
 * entity is for the caller, alone and in its place.
 */
import type { BrokerSet } from '../broker-set.ts'
import type { Batch } from './batch.ts'
import { writeReading, type EntityShape } from './entity-shape.ts'

/** False: nothing has happened. */
export function gatherEntity(shape: EntityShape, batch: Batch, index: number, { held, seen }: BrokerSet['marks']): boolean {
  const start = batch.starts[index]!
  const { values, spans, bytes } = batch
  const { domains } = shape
  const span = index * 6
  for (let each = 0; each < domains.length; each++) {
    const domain = domains[each]!
    const { state } = domain
    const row = state.rowOfBytes(bytes, spans[span + 2]!, spans[span + 3]!)
    if (row < 0 || !state.marks.has(row, held, seen)) return false
    if (domain.name !== undefined) {
      if (domain.name !== state.nameAt(row)) return false
    } else if (shape.name !== undefined) {
      const from = spans[span + 4]!
      const to = spans[span + 5]!
      if (!isReadAsWritten(bytes, from, to) || !state.isNamedBytes(row, bytes, from, to)) return false
    }
    domain.row = row
  }
  for (let each = 0; each < domains.length; each++) {
    const domain = domains[each]!
    const { pending } = domain.state
    const to = pending.add(domain.row, domain)
    if (writeReading(domain, values, start, pending.numbers, to)) continue
    for (let written = 0; written <= each; written++) domains[written]!.state.pending.drop()
    return false
  }
  return true
}

/**
 * Is the name that is read from these bytes the same as they are? Not when it begins or ends with what is trimmed, nor
 * when it is not valid UTF-8: of that the store has only halves of surrogate pairs, whose first byte is 0xED.
 */
function isReadAsWritten(bytes: Uint8Array, from: number, to: number): boolean {
  if (!isVisible(bytes[from]!) || !isVisible(bytes[to - 1]!)) return false
  for (let at = from; at < to; at++) if (bytes[at] === 0xed) return false
  return true
}

const isVisible = (byte: number): boolean => byte > 0x20 && byte < 0x7f
