/**
 * What a city, a style or a tile set says of its source, as plain text.
 *
 * Attribution comes from outside and map libraries write it as HTML: CVE-2026-85061 was script
 * in an attribution string. Here markup is dropped, not escaped: the reader wants the words,
 * and whoever shows them sets `textContent`.
 */

const LONGEST = 300

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", copy: '©', nbsp: ' ', ndash: '–' }

export function plainText(markup: unknown): string {
  if (typeof markup !== 'string') return ''
  let text = markup.slice(0, 20 * LONGEST)
  // Until nothing changes: "<scr<b>ipt>" becomes a tag by taking out a tag, "&amp;lt;" by reading an entity.
  for (let before = ''; before !== text; ) {
    before = text
    text = readEntities(dropMarkup(text))
  }
  // Control characters, and those that turn the reading direction, could hide or reorder words.
  // oxlint-disable-next-line no-control-regex -- taking control characters out is the purpose
  text = text.replaceAll(/[\u0000-\u001F\u007F-\u009F\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g, ' ').replaceAll(/\s+/g, ' ').trim()
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text
}

function dropMarkup(text: string): string {
  return text
    .replaceAll(/<!--[\s\S]*?(-->|$)/g, ' ')
    .replaceAll(/<(script|style)\b[\s\S]*?(<\/\1\s*>|$)/gi, ' ')
    .replaceAll(/<\/?[a-z!?][^>]*(>|$)/gi, '')
}

function readEntities(text: string): string {
  return text.replaceAll(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,6});/gi, (entity, name: string) => {
    if (name.startsWith('#')) {
      const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10)
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ''
    }
    return Object.hasOwn(ENTITIES, name) ? ENTITIES[name]! : entity
  })
}
