/** How a broker is called: as its city called it; what is a part of the server has a name of ours, which is said. */
import type { CityPlan } from '../configuration/city-plan.ts'
import { defineMessage, textOf } from '../language/say.ts'

const OWN = [defineMessage({ id: 'broker.privacyFloor', defaultMessage: 'privacy floor' }), defineMessage({ id: 'broker.embedded', defaultMessage: 'embedded broker' })]

export function brokerName({ brokers }: Pick<CityPlan, 'brokers'>, id: string): string {
  return ownName(brokers.find((one) => one.id === id)?.name ?? id)
}

/** Of a broker, or of its kind: "Orion-LD 1.10.0" is the same everywhere. */
export function ownName(name: string): string {
  return textOf(OWN, name)
}
