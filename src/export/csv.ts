/**
 * A layer as CSV (RFC 4180): one row a sensor, one column a fact.
 *
 * What is true of the whole layer (city, method, sources, the city's explanation) stands in columns of its own and is
 * repeated in every row. A comment above the header would be no RFC 4180: spreadsheets and readers of tables
 * take its first line for the names of the columns. Columns also stay with a row that is sorted, filtered
 * or copied elsewhere.
 *
 * It begins with a byte order mark: without one, spreadsheets read "µg/m³" as Latin-1.
 */
import { csvLine, type CsvCell } from '../core/csv.ts'
import { sourceWords } from '../core/source.ts'
import { ACROSS_METHODS } from '../core/stats/across-methods.ts'
import { explainBriefly } from '../explain/explain.ts'
import { isoOf, methodSource, methodWords, roundedValue, sensorRecords, type ExportContext, type RecordInput, type SensorRecord } from './record.ts'

const BOM = '\uFEFF'

export function csvOf(input: RecordInput, context: ExportContext): string {
  const shared = sharedColumns(input, context)
  const records = sensorRecords(input)
  const names = [...Object.keys(COLUMNS), ...shared.map(([name]) => name)]
  const layer = shared.map(([, value]) => value)
  const lines = records.map((record) => [...Object.values(COLUMNS).map((cellOf) => cellOf(record)), ...layer])
  return BOM + [names, ...lines].map(csvLine).join('')
}

const COLUMNS: Readonly<Record<string, (record: SensorRecord) => CsvCell>> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  type: ({ type }) => type,
  lon: ({ lon }) => lon,
  lat: ({ lat }) => lat,
  district: ({ district }) => district,
  value: ({ value }) => value,
  unit: ({ unit }) => unit,
  class: (record) => record.class,
  lastValue: ({ lastValue }) => lastValue,
  windowStart: ({ windowStart }) => windowStart,
  windowEnd: ({ windowEnd }) => windowEnd,
  observedAt: ({ observedAt }) => observedAt,
  freshness: ({ freshness }) => freshness,
  counts: ({ counts }) => counts,
  warnings: ({ warnings }) => [...new Set(warnings.map(({ kind }) => kind))].join('; '),
  warningDetails: ({ warnings }) => warnings.map(({ detail }) => detail).join('; '),
  limits: ({ limits }) =>
    limits
      .map(({ label, value, unit, source, isAbove }) => `${isAbove === undefined ? '' : isAbove ? 'above ' : 'not above '}${value} ${unit} ${label} [${source}]`)
      .join('; '),
}

function sharedColumns(input: RecordInput, { cityId, domain, licence, attribution }: ExportContext): readonly (readonly [name: string, value: CsvCell])[] {
  const { model, city, frame } = input
  return [
    ['city', cityId],
    ['layer', domain],
    ['time', isoOf(frame.atMs)],
    ['method', methodWords(model.method)],
    ['methodSource', methodSource(model.method)],
    ['classSource', sourceWords(model.legend.source)],
    ['cityValue', roundedValue(frame.total.value, model)],
    ['cityMethod', methodWords(ACROSS_METHODS[model.across.city])],
    ['cityExplanation', explainBriefly({ ...input, subject: { kind: 'city' } })],
    ['districtSource', city.districts?.source],
    ['simulated', city.isSimulated ? 'yes' : 'no'],
    ['licence', licence],
    ['attribution', attribution],
  ]
}
