import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { createEventStreamParser, type EventStreamParser } from './event-stream.ts'

interface TextEvent {
  readonly id?: string
  readonly event: string
  readonly data: string
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

function push(parser: EventStreamParser, chunk: Uint8Array): TextEvent[] {
  return parser.push(chunk).map((event) => ({ ...event, data: new TextDecoder('utf-8', { ignoreBOM: true }).decode(event.data) }))
}

function parse(chunks: readonly Uint8Array[]): TextEvent[] {
  const parser = createEventStreamParser()
  return chunks.flatMap((chunk) => push(parser, chunk))
}

const parseText = (text: string): TextEvent[] => parse([bytesOf(text)])

function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return at.slice(1).map((end, index) => bytes.slice(at[index]!, end))
}

const stream = fc
  .array(fc.constantFrom('data', 'data: a', 'data:b', 'data: é€😀', 'data:  c:d', 'event: x', 'id: 1', 'id', 'id: a\0b', 'retry: 50', 'retry: no', ': comment', ':', 'other: y', '', ''), { maxLength: 30 })
  .chain((lines) => fc.array(fc.constantFrom('\n', '\r', '\r\n'), { minLength: lines.length, maxLength: lines.length }).map((ends) => lines.map((line, i) => line + ends[i]!).join('')))

describe('an event stream', () => {
  test.prop([stream, fc.array(fc.nat(), { maxLength: 12 }), fc.boolean()])('gives the same events however it is cut', (text, places, bom) => {
    const whole = bom ? `\uFEFF${text}` : text
    expect(parse(cut(bytesOf(whole), places))).toEqual(parseText(text))
  })

  test.prop([fc.array(fc.constantFrom('data: a', 'event: e', 'id: 3', '')), fc.constantFrom('\r', '\r\n')])('ends its lines with LF, CR or CRLF alike', (lines, end) => {
    expect(parseText(lines.map((line) => line + end).join(''))).toEqual(parseText(lines.map((line) => `${line}\n`).join('')))
  })

  test.prop([fc.array(fc.uint8Array())])('never throws', (chunks) => {
    parse(chunks)
  })

  // The examples of the HTML standard, section 9.2.6.
  it.each<[name: string, text: string, events: TextEvent[]]>([
    ['multi-line data', 'data: YHOO\ndata: +2\ndata: 10\n\n', [{ event: 'message', data: 'YHOO\n+2\n10' }]],
    [
      'comments and ids that are set, reset and kept',
      ': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n',
      [
        { id: '1', event: 'message', data: 'first event' },
        { id: '', event: 'message', data: 'second event' },
        { id: '', event: 'message', data: ' third event' },
      ],
    ],
    ['empty data, and data that is never ended', 'data\n\ndata\ndata\n\ndata:', [{ event: 'message', data: '' }, { event: 'message', data: '\n' }]],
    ['a space after the colon or none', 'data:test\n\ndata: test\n\n', [{ event: 'message', data: 'test' }, { event: 'message', data: 'test' }]],
    ['an id with NUL, which is ignored', 'id: 7\ndata: a\n\nid: 8\0\ndata: b\n\n', [{ id: '7', event: 'message', data: 'a' }, { id: '7', event: 'message', data: 'b' }]],
    ['an event without data, which is none', 'event: x\n\ndata: a\n\n', [{ event: 'message', data: 'a' }]],
    ['a byte order mark only at the start', '\uFEFFdata: a\n\n\uFEFFdata: b\n\n', [{ event: 'message', data: 'a' }]],
  ])('reads %s', (_, text, events) => {
    expect(parseText(text)).toEqual(events)
  })

  it('hears how long to wait before coming back', () => {
    const parser = createEventStreamParser()
    parser.push(bytesOf('retry: 2500\nretry: soon\n'))
    expect(parser.retryMs).toBe(2500)
  })

  it('drops what is too long, counts it and reads on', () => {
    const parser = createEventStreamParser({ maxEventBytes: 10 })
    expect(push(parser, bytesOf('data: 12345'))).toEqual([])
    expect(push(parser, bytesOf('678901234567890'))).toEqual([])
    expect(push(parser, bytesOf('\n\ndata: 12345\ndata: 123456\n\ndata: ok\n\n'))).toEqual([{ event: 'message', data: 'ok' }])
    expect(parser.dropped).toBe(2)
  })
})
