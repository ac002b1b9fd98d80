/** The pure halves of all domains. Adding a domain is its folder, a line here and a line in `views.ts`. */
import { AIR_QUALITY } from './air-quality/model.ts'
import { BUILDING_ENERGY } from './building-energy/model.ts'
import { CYCLING } from './cycling/model.ts'
import type { DomainModel } from './domain-model.ts'
import { NOISE } from './noise/model.ts'
import { RAIN } from './rain/model.ts'
import { SCHOOL_AIR } from './school-air/model.ts'
import { TRAFFIC } from './traffic/model.ts'

export const MODELS: readonly DomainModel[] = [NOISE, AIR_QUALITY, CYCLING, BUILDING_ENERGY, SCHOOL_AIR, TRAFFIC, RAIN]
