/**
 * The shared numeric cases of all domains against the product's own functions.
 *
 * Every file of the folder is read and every case is either run or counted in `NOT_YET`: a new file, a
 * new op or a new case cannot go unnoticed.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { OPERATIONS } from './domain-cases.ts'
import { sharedPath } from './shared.ts'

interface CaseFile {
  readonly set?: string
  readonly tolerance: { readonly relative: number; readonly absolute: number }
  readonly cases: readonly { readonly id: string; readonly op: string; readonly input: unknown; readonly expected: unknown; readonly note?: string }[]
}

const folder = join(process.env['BELVEDERE_FIXTURES'] ?? sharedPath('fixtures'), 'domains')
const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')) : []

/** Files whose domain is not built, with how many cases of the shared set wait in each. */
const NOT_YET: Readonly<Record<string, number>> = {}

/** Has its own test, `entity-variance.test.ts`. */
const ELSEWHERE = 'entity-variance'

const all = files.map((file) => ({ name: basename(file, '.json'), ...(JSON.parse(readFileSync(join(folder, file), 'utf8')) as CaseFile) }))
const built = all.filter(({ name }) => OPERATIONS[name] !== undefined)
const waiting = all.filter(({ name }) => OPERATIONS[name] === undefined && name !== ELSEWHERE)

describe.skipIf(files.length === 0)(`numeric cases of the domains${files.length === 0 ? ` (skipped: no files in ${folder}; set BELVEDERE_SHARED)` : ''}`, () => {
  describe.each(built)('$name', ({ name, cases, tolerance }) => {
    it.each(cases)('$id', ({ op, input, expected }) => {
      const operation = OPERATIONS[name]![op]
      expect(operation, `expected a function for the op "${op}"`).toBeDefined()
      expect(differences(operation!(input), expected, tolerance, op)).toEqual([])
    })
  })

  // Another set of cases has other counts; its files are still known by name.
  it.each(waiting)('$name is not built yet, and all its cases are counted', ({ name, cases, set }) => {
    expect(Object.keys(NOT_YET)).toContain(name)
    expect(set === 'shared' ? cases.length : NOT_YET[name]).toBe(NOT_YET[name])
  })
})

/** Where `actual` is not what was expected, in words; only what the case states is compared. */
function differences(actual: unknown, expected: unknown, tolerance: CaseFile['tolerance'], path: string): readonly string[] {
  if (Array.isArray(expected)) {
    const list = Array.isArray(actual) ? actual : []
    const lengths = list.length === expected.length ? [] : [`${path}: expected ${expected.length} items, got ${list.length}`]
    return [...lengths, ...expected.flatMap((one, index) => differences(list[index], one, tolerance, `${path}[${index}]`))]
  }
  if (typeof expected === 'object' && expected !== null) {
    const own = (actual ?? {}) as Record<string, unknown>
    return Object.entries(expected).flatMap(([key, one]) => differences(own[key], one, tolerance, `${path}.${key}`))
  }
  return isSame(actual ?? null, expected, tolerance) ? [] : [`${path}: expected ${String(expected)}, got ${String(actual)}`]
}

function isSame(actual: unknown, expected: unknown, { relative, absolute }: CaseFile['tolerance']): boolean {
  if (typeof actual !== 'number' || typeof expected !== 'number') return actual === expected
  return Math.abs(actual - expected) <= Math.max(absolute, Math.abs(expected) * relative)
}
