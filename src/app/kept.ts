/**
 * What a part of the page remembers while the page is drawn anew in another language: which city is open is not a
 * matter of how it is said. Who leaves the screen in the usual way forgets.
 */
import { useEffect, useState } from 'react'
import { spoken, type Language } from '../language/say.ts'
import { useServices } from './services.ts'

export interface Kept<T> {
  read(): T | undefined
  keep(value: T): void
}

interface Memory {
  readonly kept: Kept<unknown>
  readonly language: Language
}

const memories = new WeakMap<object, Map<string, Memory>>()

/** Like `useRef`, under a name that one part of the page has. */
export function useKept<T>(name: string): Kept<T> {
  const { live } = useServices()
  const [kept] = useState(() => memoriesOf(live).get(name)?.kept ?? createKept())
  useEffect(() => {
    const of = memoriesOf(live)
    const language = spoken()
    of.set(name, { kept, language })
    return () => {
      if (spoken() === language) of.delete(name)
    }
  }, [live, name, kept])
  // Held under one name by one part, so it is of that part's type.
  return kept as Kept<T>
}

function createKept(): Kept<unknown> {
  let value: unknown
  return {
    read: () => value,
    keep(next) {
      value = next
    },
  }
}

function memoriesOf(live: object): Map<string, Memory> {
  let of = memories.get(live)
  if (of === undefined) memories.set(live, (of = new Map()))
  return of
}
