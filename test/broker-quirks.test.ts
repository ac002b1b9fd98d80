/** One case for each quirk that a profile names; the table is complete both ways. */
import { describe, expect, it } from 'vitest'
import { PROFILES } from '../src/ngsi-ld/profile/profiles.ts'
import { ASKING } from './broker-quirk-asking.ts'
import { READING } from './broker-quirk-reading.ts'
import { SOCKET } from './broker-quirk-socket.ts'

const CASES = { ...ASKING, ...READING, ...SOCKET }
const quirks = PROFILES.flatMap(({ id, quirks: own }) => own.map((quirk) => ({ profile: id, ...quirk })))

describe('quirks', () => {
  it('have a case each, and every case is one of a quirk', () => {
    expect(Object.keys(CASES).toSorted()).toEqual(quirks.map(({ id }) => id).toSorted())
    expect(Object.keys(CASES)).toHaveLength(Object.keys(ASKING).length + Object.keys(READING).length + Object.keys(SOCKET).length)
  })

  it('are named after their broker, say what they do and where that is from', () => {
    for (const { profile, id, says, source } of quirks) {
      expect(id.split('/')[0]).toBe(profile)
      expect(says).toMatch(/^\S.*\.$/)
      expect(source).not.toBe('')
    }
  })

  it.each(quirks)('$id: $says', async ({ id }) => {
    expect.hasAssertions()
    await CASES[id]!()
  })
})
