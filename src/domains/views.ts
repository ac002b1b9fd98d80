/** The drawing halves of all domains. Adding a domain is its folder, a line here and a line in `models.ts`. */
import type { DomainView } from './domain-view.ts'

export const VIEWS: readonly DomainView[] = []
