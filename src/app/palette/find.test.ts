import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { createSearch, find, findable as listOf, fold, wordsOf } from './find.ts'

describe('folding', () => {
  it.each([
    ['Århus', 'arhus'],
    ['ÜBERSEE', 'ubersee'],
    ['Straße', 'strasse'],
    ['Sørkedalen', 'sorkedalen'],
    ['Śródmieście Łódź', 'srodmiescie lodz'],
    ['Praça da República', 'praca da republica'],
    ['plain 12', 'plain 12'],
  ])('writes %s as %s', (text, folded) => {
    expect(fold(text)).toBe(folded)
  })

  test.prop([fc.string({ unit: 'grapheme' })])('twice is once', (text) => {
    expect(fold(fold(text))).toBe(fold(text))
  })
})

describe('finding', () => {
  const streets = listOf(['Rua de Camões 4', 'Camões 1', 'Trindade', 'Alcamoes', 'Foz'], ['urn:1', 'urn:2', 'urn:3', 'urn:4', 'urn:camoes'])

  it('puts beginnings first, then word starts, then what is within, then ids', () => {
    expect(find(streets, wordsOf('camoes'), 10).places).toEqual([1, 0, 3, 4])
  })

  it('asks for every word, in any order', () => {
    expect(find(streets, wordsOf('cam rua'), 10).places).toEqual([0])
    expect(find(streets, wordsOf('rua foz'), 10).places).toEqual([])
  })

  it('does not mind case and accents of the query', () => {
    expect(find(streets, wordsOf('RUA CAMÕES'), 10).places).toEqual([0])
  })

  it('gives everything for nothing, and counts what it leaves out', () => {
    expect(find(streets, wordsOf('  '), 2)).toEqual({ places: [0, 1], count: 5 })
  })

  const name = fc.string({ unit: fc.constantFrom('a', 'b', 'é', ' ', '-', '7'), maxLength: 8 })
  test.prop([fc.array(name, { maxLength: 30 }), name, fc.nat(10)])('is complete: whatever holds all words is counted, and nothing else', (names, query, most) => {
    const words = wordsOf(query)
    const held = names.flatMap((one, place) => (words.every((word) => fold(one).includes(word)) ? [place] : []))
    const { places, count } = find(listOf(names), words, most)
    expect(count).toBe(held.length)
    expect(places).toHaveLength(Math.min(most, held.length))
    expect(places.every((place) => held.includes(place))).toBe(true)
    // Whatever stands first is in its own order again when all that is found is asked for.
    expect(find(listOf(names), words, names.length).places.toSorted((a, b) => a - b)).toEqual(held)
  })

  test.prop([fc.array(name, { maxLength: 30 }), name, fc.integer({ min: 1, max: 9 })])('in steps is finding at once', (names, query, size) => {
    const search = createSearch(listOf(names), wordsOf(query), 5)
    let steps = 1
    while (search.step(size)) steps++
    expect(search.found()).toEqual(find(listOf(names), wordsOf(query), 5))
    expect(steps).toBe(Math.max(1, Math.ceil(names.length / size)))
  })

  test.prop([fc.array(name, { minLength: 1, maxLength: 30 }), fc.nat()])('a name that is typed whole is never behind one that only holds it', (names, pick) => {
    const wanted = names[pick % names.length]!
    const words = wordsOf(wanted)
    fc.pre(words.length === 1 && fold(wanted).trim() === fold(wanted))
    const [first] = find(listOf(names), words, names.length).places
    expect(fold(names[first!]!).startsWith(words[0]!)).toBe(true)
  })
})
