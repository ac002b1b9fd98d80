import { expect, it } from 'vitest'
import type { Answer, Question } from '../../workers/city.messages.ts'
import { BATCH, collectEntities, ngsiLdText } from './collect-entities.ts'

const IDS = Array.from({ length: 2 * BATCH + 7 }, (_, index) => `urn:e:${index}`)

function asking(answer: (ids: readonly string[]) => Answer) {
  const progress: (readonly [number, number])[] = []
  const asked: (readonly string[])[] = []
  let stopped = false
  return {
    progress,
    asked,
    stop: () => (stopped = true),
    ask: async (question: Question): Promise<Answer> => {
      if (question.kind !== 'entities') throw new Error(question.kind)
      asked.push(question.entityIds)
      return answer(question.entityIds)
    },
    onProgress: (read: number, of: number) => void progress.push([read, of]),
    isStopped: () => stopped,
  }
}

const entity = (id: string) => ({ id, type: 'T', '@context': 'https://example.org/context.jsonld' })

it('asks for every sensor once, a page at a time, and tells how far it is', async () => {
  const by = asking((ids) => ({ ok: true, kind: 'entities', entities: ids.map(entity) }))
  const collected = await collectEntities('noise', IDS, by)
  expect(by.asked.flat()).toEqual(IDS)
  expect(Math.max(...by.asked.map(({ length }) => length))).toBe(BATCH)
  expect(collected).toEqual({ entities: IDS.map(entity), isCut: false, withoutContext: 0 })
  expect(by.progress).toEqual([[0, 107], [50, 107], [100, 107], [107, 107]])
})

it('says that it was cut, and which came without a context', async () => {
  const by = asking((ids) => ({ ok: true, kind: 'entities', entities: ids.map((id, index) => (index === 0 ? { id, type: 'T' } : entity(id))) }))
  const collected = await collectEntities('noise', IDS, by, 60)
  expect(collected).toMatchObject({ isCut: true, withoutContext: 2 })
  expect(collected?.entities).toHaveLength(60)
})

it('makes no file of half the sensors: a refusal is an error, a stop gives nothing', async () => {
  await expect(collectEntities('noise', IDS, asking(() => ({ ok: false, message: 'no answer in time' })))).rejects.toThrow('no answer in time')
  const by = asking((ids) => ({ ok: true, kind: 'entities', entities: ids.map(entity) }))
  by.stop()
  expect(await collectEntities('noise', IDS, by)).toBeUndefined()
  expect(by.asked).toHaveLength(1)
})

it('writes an array that reads as what came', () => {
  const entities = [entity('urn:a'), { id: 'urn:b', type: 'T', name: { type: 'Property', value: '</script>\n"é' } }]
  expect(JSON.parse(ngsiLdText(entities))).toEqual(entities)
  expect(JSON.parse(ngsiLdText([]))).toEqual([])
})
