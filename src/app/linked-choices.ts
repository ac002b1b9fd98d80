/**
 * Choices that are made at once and told by the link a moment later: the list's order and filter, and the layers in
 * grey beneath. A pause is none of them: it holds one reader's screen still, and whoever opens the link later could
 * not see what stood there. What a link is to hold still is told by its time.
 */
import { useEffect, useEffectEvent, useRef } from 'react'
import { useChoices, type Choices } from './choices.ts'
import { LONGEST_FILTER, type CitySearch } from './search.ts'

/** Whoever types is not done with the first letter. */
const REST_MS = 500

export type ChoiceLink = { readonly [name in 'sort' | 'find' | 'also']: CitySearch[name] | undefined }

export function useLinkedChoices(cityId: string, search: CitySearch, onSearch: (change: ChoiceLink, options: { readonly replace: boolean }) => void): void {
  const { sort, find, also } = search
  /** What choices and link agree on. */
  const agreed = useRef('')
  const write = useEffectEvent(onSearch)
  useEffect(() => {
    const link = { sort, find, also }
    const text = textOf(cityId, link)
    if (text === agreed.current) return
    agreed.current = text
    useChoices.getState().set(choicesOf(link))
  }, [cityId, sort, find, also])
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = useChoices.subscribe((choices) => {
      clearTimeout(timer)
      const link = linkOf(choices)
      const text = textOf(cityId, link)
      if (text === agreed.current) return
      timer = setTimeout(() => {
        agreed.current = text
        write(link, { replace: true })
      }, REST_MS)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [cityId])
}

export function linkOf({ order, filter, ghosts }: Pick<Choices, 'order' | 'filter' | 'ghosts'>): ChoiceLink {
  return {
    sort: order === 'value' ? undefined : order,
    find: filter === '' ? undefined : filter.slice(0, LONGEST_FILTER).toWellFormed(),
    also: ghosts.length === 0 ? undefined : ghosts.join(','),
  }
}

export function choicesOf({ sort, find, also }: ChoiceLink): Pick<Choices, 'order' | 'filter' | 'ghosts'> {
  return { order: sort ?? 'value', filter: find ?? '', ghosts: also?.split(',') ?? [] }
}

function textOf(cityId: string, { sort, find, also }: ChoiceLink): string {
  return JSON.stringify([cityId, sort ?? '', find ?? '', also ?? ''])
}
