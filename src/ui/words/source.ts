/** A source as people read it: the document by its own name, the doubt in the reader's language. See `core/source.ts`. */
import type { Source } from '../../core/source.ts'
import { say } from '../../language/say.ts'

/** "ISO 1996-1 (2016), not confirmed: the standard was not read" */
export function sourceText(source: Source): string {
  const { note } = source
  if (note === undefined) return citationText(source)
  const document = namedDocument(source)
  return source.confirmed
    ? say({ id: 'source.note', defaultMessage: '{document}, {note}' }, { document, note })
    : say({ id: 'source.unconfirmedNote', defaultMessage: '{document}, not confirmed: {note}' }, { document, note })
}

/** The same without its note, where room is short. */
export function citationText(source: Source): string {
  const document = namedDocument(source)
  return source.confirmed ? document : say({ id: 'source.unconfirmed', defaultMessage: '{document}, not confirmed' }, { document })
}

function namedDocument({ document, year }: Source): string {
  return year === undefined ? document : `${document} (${year})`
}
