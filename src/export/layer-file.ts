/** The shown layer at the shown time as a file: its name, its media type and its text. */
import { inEnglish } from '../language/say.ts'
import { csvOf } from './csv.ts'
import { fileNameOf } from './file-name.ts'
import { geoJsonOf } from './geojson.ts'
import type { ExportContext, RecordInput } from './record.ts'

export type FileFormat = 'csv' | 'geojson'

export interface LayerFile {
  readonly name: string
  readonly mediaType: string
  readonly text: string
}

export function layerFile(format: FileFormat, input: RecordInput, context: ExportContext): LayerFile {
  const name = fileNameOf({ cityId: context.cityId, domain: context.domain, atMs: input.frame.atMs, extension: format })
  // A file is read by programs and by whoever it is sent to: it is the same whatever the page speaks.
  return inEnglish(() =>
    format === 'csv'
      ? { name, mediaType: 'text/csv;charset=utf-8', text: csvOf(input, context) }
      : { name, mediaType: 'application/geo+json', text: geoJsonOf(input, context) },
  )
}
