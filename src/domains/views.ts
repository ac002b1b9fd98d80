/** The drawing halves of all domains. Adding a domain is its folder, a line here and a line in `models.ts`. */
import { AIR_QUALITY_VIEW } from './air-quality/view.ts'
import { BUILDING_ENERGY_VIEW } from './building-energy/view.ts'
import { CYCLING_VIEW } from './cycling/view.ts'
import type { DomainView } from './domain-view.ts'
import { NOISE_VIEW } from './noise/view.ts'
import { RAIN_VIEW } from './rain/view.ts'
import { SCHOOL_AIR_VIEW } from './school-air/view.ts'
import { TRAFFIC_VIEW } from './traffic/view.ts'

export const VIEWS: readonly DomainView[] = [NOISE_VIEW, AIR_QUALITY_VIEW, CYCLING_VIEW, BUILDING_ENERGY_VIEW, SCHOOL_AIR_VIEW, TRAFFIC_VIEW, RAIN_VIEW]
