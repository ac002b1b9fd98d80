/** The one map of the page, for who makes a picture of it. */
import { create } from 'zustand'
import type { MapStage } from './map-stage.ts'

export const useStage = create<{ readonly stage: MapStage | undefined }>()(() => ({ stage: undefined }))
