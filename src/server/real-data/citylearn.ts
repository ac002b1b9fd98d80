/**
 * Hourly electricity of five homes in Fontana, California, for a year.
 *
 * The files name month and hour but neither year nor day: days are counted from the first row, the
 * 24th hour of a Sunday, 31 July. In the years the source covers that is 2016. The daylight-saving
 * column is 0 throughout, so hours are Pacific Standard Time all year. Loads of 1e-7 kWh are the
 * meter's floor and are kept as they are. `solar_generation` is W per installed kW, not energy: left out.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { HOUR_MS, formatInstant } from '../../core/time/instant.ts'
import { pointLocation, property } from '../../ngsi-ld/normalized.ts'
import { provenance, type LeftOut, type RealData, type SensorSeries } from './sensor-series.ts'
import { cellNumber, columnOf, readTable } from './table.ts'

const FIRST_HOUR_END_MS = Date.UTC(2016, 7, 1, 8) // 31 July 2016, 24:00 PST (UTC−8)

// Homes of one street whose addresses are not published: a row of points, 60 m apart, in Fontana.
const FONTANA = { lon: -117.4350, lat: 34.0922 }

const SOURCE = {
  provider: 'CityLearn Challenge 2022, EPRI Sierra Crest homes',
  attribution: 'CityLearn, © 2020 J. R. Vazquez-Canteli, Intelligent Environments Laboratory, MIT',
  licence: 'MIT',
}

export function readCityLearn(folder: string): RealData {
  const leftOut: LeftOut[] = []
  const sensors = readdirSync(folder)
    .filter((name) => /^Building_\d+\.csv$/.test(name))
    .toSorted()
    .map((file, index): SensorSeries => {
      const table = readTable(join(folder, file), file)
      const load = columnOf(table, 'non_shiftable_load')
      let registerKWh = 0
      let gaps = 0
      const states = table.rows.flatMap((row, hour) => {
        const energyKWh = cellNumber(row[load]!, `${file}:${hour + 2}`)
        if (energyKWh === undefined) {
          gaps++
          return []
        }
        registerKWh += energyKWh
        const endMs = FIRST_HOUR_END_MS + hour * HOUR_MS
        const attributes = {
          // A load of x kWh in an hour is a mean power of x kW.
          totalActivePower: property(energyKWh, { unitCode: 'KWT' }),
          totalActiveEnergyImport: property(Math.round(registerKWh * 1e6) / 1e6, { unitCode: 'KWH' }),
          dateObserved: property(`${formatInstant(endMs - HOUR_MS)}/${formatInstant(endMs)}`),
        }
        return [{ observedAt: formatInstant(endMs), attributes }]
      })
      if (gaps > 0) leftOut.push({ file, reason: 'empty cell: nothing was measured', count: gaps })
      return {
        tenant: 'fontana',
        id: `urn:ngsi-ld:ThreePhaseAcMeasurement:fontana:home-${index + 1}`,
        type: 'ThreePhaseAcMeasurement',
        fixed: {
          name: property(`Home ${index + 1}`),
          location: pointLocation([FONTANA.lon + index * 0.00065, FONTANA.lat]),
          description: property('Position made up: the source publishes none. Year derived from the weekday of its first row.'),
          ...provenance(SOURCE),
        },
        states,
      }
    })
  return { sensors, leftOut }
}
