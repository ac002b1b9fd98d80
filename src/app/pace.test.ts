import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { createPace, LASTING_MS, LATE_MS, SILENT_MS } from './pace.ts'

describe('the pace of the picture', () => {
  it('is told once lateness has lasted, with how old frames are when they are drawn', () => {
    const pace = createPace()
    pace.drawn('noise', 0, 5_000)
    expect(pace.behind(5_000)).toBeUndefined()
    pace.drawn('noise', 5_000, 10_000)
    expect(pace.behind(10_000)).toEqual({ of: 'drawing', ms: 5_000 })
    pace.drawn('noise', 10_000, 10_100)
    expect(pace.behind(10_100)).toBeUndefined()
  })

  it('tells how long notifications wait', () => {
    const pace = createPace()
    pace.waited(8_000, 0)
    expect(pace.behind(LASTING_MS)).toEqual({ of: 'data', ms: 8_000 })
    pace.waited(undefined, 3_000)
    expect(pace.behind(3_000)).toBeUndefined()
  })

  it('tells that no frame comes any more', () => {
    const pace = createPace()
    pace.drawn('noise', 0, 100)
    expect(pace.behind(SILENT_MS)).toBeUndefined()
    expect(pace.behind(SILENT_MS + LASTING_MS)).toEqual({ of: 'data', ms: SILENT_MS + LASTING_MS })
  })

  it('says nothing of what came before a city was opened or a tab slept', () => {
    const pace = createPace()
    pace.drawn('noise', 0, 5_000)
    pace.forget()
    expect(pace.behind(600_000)).toBeUndefined()
  })

  test.prop([fc.array(fc.tuple(fc.nat(4_000), fc.nat(LATE_MS - 1)), { maxLength: 50 })])('never calls a picture behind whose frames come and are young', (steps) => {
    const pace = createPace()
    let nowMs = 0
    for (const [stepMs, ageMs] of steps) {
      nowMs += stepMs
      pace.drawn('noise', nowMs - ageMs, nowMs)
      expect(pace.behind(nowMs)).toBeUndefined()
    }
  })
})
