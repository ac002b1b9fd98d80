/**
 * The Minimal Interoperability Mechanisms that are checked for. Their numbers change from one publication to the next (what
 * was MIM1 Context in 2019 is MIM1 Interlinking in 2026), so a result always carries name, number, version and address.
 * A configuration may say them anew; the checks stay.
 */
export type MimId = 'accessing' | 'interlinking' | 'representing' | 'exchanging' | 'personal' | 'transparency' | 'securing' | 'places'

export interface Mim {
  readonly name: string
  readonly number: string
  readonly version: string
  readonly url: string
}

const FRAMEWORK = { version: '2026 framework', url: 'https://mims.oascities.org/' }
const ADOPTED = { version: 'OASC list', url: 'https://oascities.org/minimal-interoperability-mechanisms/' }

export const MIMS: Readonly<Record<MimId, Mim>> = {
  accessing: { name: 'Accessing data', number: 'MIM0', ...FRAMEWORK },
  interlinking: { name: 'Interlinking data', number: 'MIM1', ...FRAMEWORK },
  representing: { name: 'Representing data', number: 'MIM2', ...FRAMEWORK },
  exchanging: { name: 'Exchanging data', number: 'MIM3', ...FRAMEWORK },
  personal: { name: 'Personal data', number: 'MIM4', ...ADOPTED },
  transparency: { name: 'Transparency', number: 'MIM5', ...ADOPTED },
  securing: { name: 'Securing data', number: 'MIM6', ...FRAMEWORK },
  places: { name: 'Places', number: 'MIM7', ...ADOPTED },
}

export const MIM_IDS = Object.keys(MIMS) as readonly MimId[]
