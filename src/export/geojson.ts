/**
 * A layer as GeoJSON (RFC 7946): one feature a sensor, those without a position with a null geometry. What is
 * true of the whole layer stands in foreign members of the collection, which the RFC allows and readers pass over.
 */
import { sourceWords } from '../core/source.ts'
import { ACROSS_METHODS } from '../core/stats/across-methods.ts'
import { explain } from '../explain/explain.ts'
import { isoOf, methodSource, methodWords, roundedValue, sensorRecords, type ExportContext, type RecordInput } from './record.ts'

export function geoJsonOf(input: RecordInput, { cityId, domain, licence, attribution }: ExportContext): string {
  const { model, city, frame } = input
  const { sentence, trust, sections } = explain({ ...input, subject: { kind: 'city' } })
  const method = { name: methodWords(model.method), source: methodSource(model.method) }
  return JSON.stringify(
    {
      type: 'FeatureCollection',
      city: { id: cityId, name: city.name, timeZone: city.timeZone, simulated: city.isSimulated, districts: city.districts, licence, attribution },
      layer: {
        id: domain,
        name: model.name,
        statistic: model.legend.statistic,
        unit: model.legend.unit,
        method,
        classes: { source: sourceWords(model.legend.source) },
        cityValue: roundedValue(frame.total.value, model),
        cityMethod: { name: methodWords(ACROSS_METHODS[model.across.city]), source: methodSource(ACROSS_METHODS[model.across.city]) },
      },
      time: isoOf(frame.atMs),
      explanation: { sentence, trust, sections },
      features: sensorRecords(input).map(({ id, lon, lat, ...properties }) => ({
        type: 'Feature',
        id,
        geometry: lon === undefined || lat === undefined ? null : { type: 'Point', coordinates: [lon, lat] },
        properties: { ...properties, method: method.name, methodSource: method.source },
      })),
    },
    null,
    1,
  )
}
