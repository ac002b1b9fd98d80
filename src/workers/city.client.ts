/**
 * The page's side of the city worker: starts it, restarts it when it dies, and passes on what it says.
 */
import type { Answer, CityPlan, CityStatus, DomainId, Frame, Question, Roster } from './city.messages.ts'

export interface CityClient {
  /** Opens a city in place of the one before. `atMs`: that past instant instead of now. */
  open(plan: CityPlan, view: { readonly atMs?: number; readonly cellRadiusM: number }): void
  /** Undefined is now. */
  setTime(atMs: number | undefined): void
  setPaused(paused: boolean): void
  setCellRadius(radiusM: number): void
  ask(question: Question): Promise<Answer>
  /** The newest frame of the domain is on the screen; `spare` is an older one whose buffers are free. */
  drawn(domain: DomainId, spare?: Frame): void
  onStatus(listener: (status: CityStatus) => void): () => void
  onRoster(listener: (roster: Roster) => void): () => void
  onFrame(listener: (frame: Frame) => void): () => void
  close(): void
}
