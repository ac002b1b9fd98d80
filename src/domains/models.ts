/** The pure halves of all domains. Adding a domain is its folder, a line here and a line in `views.ts`. */
import type { DomainModel } from './domain-model.ts'

export const MODELS: readonly DomainModel[] = []
