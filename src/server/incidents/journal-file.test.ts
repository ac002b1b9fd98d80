import { appendFileSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createBoard } from '../../incidents/board.ts'
import type { Entry } from '../../incidents/journal.ts'
import { createJournalFile } from './journal-file.ts'

const newFile = (): string => join(mkdtempSync(join(tmpdir(), 'belvedere-journal-')), 'data', 'a.jsonl')

function raise(seq: number, incident: string): Entry {
  return { seq, type: 'raise', atMs: seq, incident, finding: { id: incident, rule: 'r', kind: 'alarm', severity: 'high', subject: { kind: 'sensor', id: incident, name: incident }, condition: { kind: 'down' }, sensors: 1 } }
}
const acknowledge = (seq: number, incident: string): Entry => ({ seq, type: 'acknowledge', atMs: seq, incident, by: 'Ana' })

describe('a journal file', () => {
  it('is made where there is none, and gives back what was written', async () => {
    const path = newFile()
    const file = createJournalFile(path)
    expect(await file.load()).toEqual({ entries: [], incidents: [] })
    const entries = [raise(1, 'a'), acknowledge(2, 'a')]
    expect(await file.append(entries)).toBeUndefined()
    expect((await createJournalFile(path).load()).entries).toEqual(entries)
  })

  it('loses a torn line and nothing else, and says so', async () => {
    const path = newFile()
    const file = createJournalFile(path)
    await file.load()
    await file.append([raise(1, 'a')])
    appendFileSync(path, '{"seq":2,"type":"ackn\n[]\n{"seq":"x","type":"raise"}\n')
    expect(await createJournalFile(path).load()).toEqual({ entries: [raise(1, 'a')], incidents: [], problem: '3 lines that cannot be read' })
  })

  it('begins anew when it is long, without forgetting what its dropped lines had made', async () => {
    const path = newFile()
    const file = createJournalFile(path, 3)
    await file.load()
    await file.append([raise(1, 'old'), ...Array.from({ length: 6 }, (_, index) => raise(index + 2, `n${index}`))])
    const whole = createBoard({ entries: (await createJournalFile(path, 100).load()).entries })
    const short = await createJournalFile(path, 3).load()
    expect(short.entries.map(({ seq }) => seq)).toEqual([5, 6, 7])
    const ids = (board: ReturnType<typeof createBoard>) => board.incidents.map(({ id }) => id).toSorted()
    expect(ids(createBoard(short))).toEqual(ids(whole))
    // What was written anew reads the same.
    expect(ids(createBoard(await createJournalFile(path, 3).load()))).toEqual(ids(whole))
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(5)
  })
})
