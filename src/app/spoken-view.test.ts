import { afterEach, describe, expect, it } from 'vitest'
import { VIEWS } from '../domains/views.ts'
import { setLanguage, spoken, type Language } from '../language/say.ts'
import { englishView, rangeText, spokenModel, spokenView } from './spoken-view.ts'

const english = spoken()
afterEach(() => setLanguage(english))

/** Signs of chemistry and Roman numbers are the same everywhere. */
const isSign = (text: string): boolean => /^[A-Z][A-Za-z]?[A-Z0-9.₂₃x]*$/.test(text)

describe.each(VIEWS.map((view) => [view.model.id, view] as const))('the words of %s', (_, view) => {
  it('are those of its model: none lacks and none is left over', () => {
    const texts = new Set<string>()
    spokenModel(view.model, (text) => {
      texts.add(text)
      return text
    })
    const words = view.words.map(({ defaultMessage }) => defaultMessage)
    expect(words.toSorted()).toEqual([...texts].filter((text) => !isSign(text) && rangeText(text) === undefined).toSorted())
  })

  it('are said in the language of the page, and the model itself stays English', () => {
    const catalogue = Object.fromEntries(view.words.map(({ id, defaultMessage }) => [id, `«${defaultMessage}»`]))
    const language: Language = { tag: 'de', region: 'de', catalogue }
    setLanguage(language)
    const { model, format } = spokenView(view, language)
    expect(model.name).toBe(`«${view.model.name}»`)
    expect(model.legend.statistic).toMatch(/^«.*over (15\u00A0min|1\u00A0h).*»$/)
    // A value that is told as its class is told by the class as it is said.
    const first = view.format(1)
    expect(format(1)).toBe(model.scale === 'class' ? `«${first}»` : first)
    expect(view.model.name).not.toContain('«')
    expect(spokenView(view, english)).toBe(view)
    expect(englishView(spokenView(view, language))).toBe(view)
  })
})
