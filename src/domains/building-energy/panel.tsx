/** What an official reads beside a meter: power, its share of what is metered, and the register. */
import { say } from '../../language/say.ts'
import { Facts, type Fact } from '../../ui/facts.tsx'
import { formatQuantity } from '../../ui/words/number.ts'
import type { PanelProps } from '../domain-view.ts'

export function BuildingEnergyPanel({ frame, roster, reading }: PanelProps) {
  const row = reading === undefined ? -1 : roster.ids.indexOf(reading.entityId)
  const powerKW = frame.values[row] ?? Number.NaN
  const total = frame.total.value
  const register = reading?.values['energyImport']
  const facts: Fact[] = []
  // A share of a sum with feed-in in it can pass 100 % or turn negative: then it says nothing.
  if (total !== undefined && total > 0 && powerKW >= 0 && powerKW <= total) facts.push({ name: say({ id: 'buildingEnergy.panel.share', defaultMessage: 'Share of all metered' }), value: formatQuantity((100 * powerKW) / total, 1, '%') })
  if (powerKW < 0) facts.push({ name: say({ id: 'buildingEnergy.panel.feedsIn', defaultMessage: 'Feeds in' }), value: formatQuantity(-powerKW, 1, 'kW') })
  if (register !== undefined) facts.push({ name: say({ id: 'buildingEnergy.panel.register', defaultMessage: 'Register, since it was installed' }), value: formatQuantity(register, 1, 'kWh') })
  return (
    <Facts title={say({ id: 'panel.how', defaultMessage: 'How to read it' })} facts={facts} caveat={say({ id: 'buildingEnergy.panel.caveat', defaultMessage: 'One kilowatt for an hour is one kilowatt-hour. A register counts up for years; only its difference between two times is a consumption.' })}>
      <p>{say({ id: 'buildingEnergy.panel.text', defaultMessage: 'Mean power of this meter over a quarter of an hour: what is switched on now, not what was used so far.' })}</p>
    </Facts>
  )
}
