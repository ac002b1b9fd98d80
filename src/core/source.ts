/**
 * Where a number, a formula or a class comes from: the document, its year, and whether it was read there.
 *
 * A figure that is known from memory, by inference or from somebody who quotes it is used, and never
 * printed without saying so. `sourceWords` and `citation` are the ways to print a source, so that none can forget it.
 */
export interface Source {
  /** "Directive 2002/49/EC, Annex I"; what is ours says "Belvedere". */
  readonly document: string
  /** Absent when the document has none, or none is known. */
  readonly year?: number
  /** False when the document itself was not read. */
  readonly confirmed: boolean
  /** What else must be known to rely on it: "from 2030", "as quoted by others". */
  readonly note?: string
}

/** "ISO 1996-1 (2016), not confirmed: the standard was not read" */
export function sourceWords(source: Source): string {
  const { confirmed, note } = source
  return note === undefined ? citation(source) : `${citation(source)}${confirmed ? ', ' : ': '}${note}`
}

/** The same without its note, where room is short: "ISO 1996-1 (2016), not confirmed". */
export function citation({ document, year, confirmed }: Source): string {
  const named = year === undefined ? document : `${document} (${year})`
  return confirmed ? named : `${named}, not confirmed`
}
