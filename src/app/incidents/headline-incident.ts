/** What the first sentence says of incidents. The strip, which comes after the first second, tells it here. */
import { create } from 'zustand'

export const useHeadlineIncident = create<{ readonly sentence: string | undefined }>()(() => ({ sentence: undefined }))
