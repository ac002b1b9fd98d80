/**
 * The borders of the module map, held by reading every file's imports. Type-only imports count:
 * large circles grow from them. An exception stands in the table with its reason.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..')
const src = join(root, 'src')

/** Parts of the program, each found by the first pattern that matches a path below `src/`. */
const PARTS: readonly (readonly [part: string, path: RegExp])[] = [
  ['core', /^core\//],
  ['configuration', /^configuration\//],
  ['ngsi-ld', /^ngsi-ld\//],
  ['feed/relay-events', /^feed\/(relay-events|mqtt-door|event-stream)\.ts$/],
  ['feed', /^feed\//],
  ['domains/models', /^domains\/models\.ts$/],
  ['domains/contract', /^domains\/(domain-model|fold|privacy|sample-world|frame|day-line|read-context|roster-change|standing|windows)\.ts$/],
  ['domains/views', /^domains\/views\.ts$/],
  ['domains/view-contract', /^domains\/domain-view\.ts$/],
  ['domains/drawing', /^domains\/[^/]+\/(layer\.ts|panel\.tsx|view\.ts|words\.ts)$/],
  ['domains/pure', /^domains\/[^/]+\/[^/]+\.ts$/],
  ['workers/messages', /^workers\/[^/]+\.messages\.ts$/],
  ['workers/usual', /^workers\/session\/(usual|usual-history|broker-access|past-states|window-fill)\.ts$/],
  ['workers/client', /^workers\/[^/]+\.client\.ts$/],
  ['workers', /^workers\//],
  ['annotations', /^annotations\//],
  ['conformance', /^conformance\//],
  ['incidents', /^incidents\//],
  ['explain', /^explain\//],
  ['export', /^export\//],
  ['language', /^language\//],
  ['ui/words', /^ui\/words\//],
  ['ui', /^ui\//],
  ['map', /^map\//],
  ['app', /^app\//],
  ['server', /^server\//],
]

const CONTRACT = ['domains/contract', 'domains/models']
const PURE = ['core', 'configuration', 'ngsi-ld']

/** What each part may import besides itself: other parts, and packages by name or prefix (`node:`). */
const MAY: Readonly<Record<string, { readonly parts: readonly string[]; readonly packages: readonly string[] }>> = {
  core: { parts: [], packages: [] },
  configuration: { parts: ['core'], packages: ['valibot'] },
  'ngsi-ld': { parts: ['core'], packages: [] },
  'feed/relay-events': { parts: ['ngsi-ld'], packages: [] },
  feed: { parts: ['core', 'ngsi-ld', 'feed/relay-events'], packages: [] },
  'domains/contract': { parts: ['core', 'ngsi-ld'], packages: [] },
  'domains/pure': { parts: ['core', 'ngsi-ld', 'domains/contract'], packages: [] },
  // Only `<domain>/model.ts` and `<domain>/view.ts`: see the test on the two lists.
  'domains/models': { parts: ['domains/contract', 'domains/pure'], packages: [] },
  'domains/view-contract': { parts: ['core', 'domains/contract', 'language', 'ui', 'ui/words'], packages: ['react', '@deck.gl/'] },
  'domains/drawing': {
    parts: ['core', 'ngsi-ld', 'domains/contract', 'domains/pure', 'domains/view-contract', 'language', 'ui', 'ui/words', 'map'],
    packages: ['react', '@deck.gl/'],
  },
  'domains/views': { parts: ['domains/view-contract', 'domains/drawing'], packages: [] },
  'workers/messages': { parts: [...PURE, 'feed', 'feed/relay-events', 'domains/contract'], packages: [] },
  // MQTT is read in the worker: parsing stays off the page, and so does the client.
  workers: { parts: [...PURE, 'feed', 'feed/relay-events', 'workers/messages', 'workers/usual', ...CONTRACT], packages: ['mqtt'] },
  // What is usual, out of a broker's history: asked for by pages, and by the server for its rules.
  'workers/usual': { parts: [...PURE, 'feed', 'domains/contract', 'workers'], packages: [] },
  'workers/client': { parts: ['workers/messages'], packages: [] },
  // Pure, and of use to whoever says how a number was made, with a screen or without.
  // Pure as well: what is said is the same in a page, a file and a report.
  language: { parts: ['core'], packages: ['@formatjs/intl'] },
  'ui/words': { parts: ['core', 'language'], packages: [] },
  // What a note is, as the page sends it and a broker holds it.
  annotations: { parts: ['core', 'ngsi-ld'], packages: [] },
  // Answers of a broker in, results out: asked by the server and by the probe, shown by the page.
  conformance: { parts: ['core', 'ngsi-ld'], packages: [] },
  // Facts in, incidents out: asked by the server, shown by the page; written as entities.
  incidents: { parts: ['core', 'ngsi-ld', 'domains/contract'], packages: [] },
  // Sentences about frames: no React and no DOM, so that a report made by the server says the same.
  explain: { parts: ['core', 'domains/contract', 'language', 'ui/words'], packages: [] },
  // Frames as files.
  export: { parts: ['core', 'domains/contract', 'explain', 'language', 'ui/words'], packages: [] },
  ui: { parts: ['core', 'language', 'ui/words'], packages: ['react', 'react-dom', 'react-aria-components', 'uplot'] },
  map: { parts: ['core', 'language'], packages: ['react', 'maplibre-gl', '@deck.gl/', '@luma.gl/', 'pmtiles', '@protomaps/'] },
  app: {
    parts: [...PURE, 'feed', ...CONTRACT, 'domains/views', 'domains/view-contract', 'workers/messages', 'workers/client', 'annotations', 'conformance', 'incidents', 'explain', 'export', 'language', 'ui', 'ui/words', 'map'],
    packages: ['react', 'react-dom', 'react-aria-components', 'react-intl', '@tanstack/', 'zustand', 'valibot', '@fontsource-variable/'],
  },
  server: {
    // The relay writes what the feed reads: both ends of one wire share its types. Event streams of brokers are read by the same parser.
    parts: [...PURE, 'feed/relay-events', 'annotations', 'conformance', 'incidents', 'workers/usual', ...CONTRACT],
    // A WebSocket that carries a tenant and a token, which Node's own (22 and later) cannot.
    packages: ['node:', 'mqtt', 'valibot', 'ws'],
  },
}

interface Import {
  readonly from: string
  readonly to: string
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /\.tsx?$/.test(file) && !/\.test(-d)?\.tsx?$/.test(file))

const imports: readonly Import[] = files.flatMap((file) => importsOf(file))

describe('the module map', () => {
  it('has a place for every file', () => {
    expect(files.filter((file) => partOf(file) === undefined)).toEqual([])
    expect(files.length).toBeGreaterThan(10)
  })

  it('is imported in one direction', () => {
    expect(imports.filter((one) => !isAllowed(one)).map(({ from, to }) => `${from} -> ${to}`)).toEqual([])
  })

  it('keeps domains apart: none imports another', () => {
    const crossing = imports.filter(({ from, to }) => {
      const own = domainOf(from)
      const other = domainOf(to)
      return own !== undefined && other !== undefined && own !== other
    })
    expect(crossing).toEqual([])
  })

  it('reaches into the domains only from the two lists, at model.ts and view.ts', () => {
    const reaching = imports.filter(({ from, to }) => domainOf(to) !== undefined && domainOf(from) === undefined)
    const wrong = reaching.filter(
      ({ from, to }) =>
        !(from === 'domains/models.ts' && to.endsWith('/model.ts')) &&
        !(from === 'domains/views.ts' && to.endsWith('/view.ts')),
    )
    expect(wrong).toEqual([])
  })

  it('names a domain nowhere but in its folder and the two lists', () => {
    const domains = readdirSync(join(src, 'domains'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name)
    const naming = files
      .filter((file) => domainOf(file) === undefined && file !== 'domains/models.ts' && file !== 'domains/views.ts')
      .flatMap((file) => domains.filter((domain) => new RegExp(`['"\`]${domain}['"\`]`).test(readFileSync(join(src, file), 'utf8'))).map((domain) => `${file} names ${domain}`))
    expect(naming).toEqual([])
  })

  it('takes each domain in by its folder and one line in each list', () => {
    const folders = readdirSync(join(src, 'domains'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name)
    const linesOf = (list: string): readonly string[] => imports.filter(({ from, to }) => from === list && domainOf(to) !== undefined).map(({ to }) => to)
    expect(linesOf('domains/models.ts').toSorted()).toEqual(folders.map((folder) => `domains/${folder}/model.ts`).toSorted())
    expect(linesOf('domains/views.ts').toSorted()).toEqual(folders.map((folder) => `domains/${folder}/view.ts`).toSorted())
    // Whatever the rest of the program needs to know of a domain must then be in the contract.
    const parts = ['compute.ts', 'layer.ts', 'legend.ts', 'model.ts', 'panel.tsx', 'read.ts', 'sample.ts', 'view.ts']
    expect(folders.flatMap((folder) => parts.map((part) => `domains/${folder}/${part}`)).filter((file) => !files.includes(file))).toEqual([])
  })

  it('writes the extension of what it imports', () => {
    const bare = imports.filter(({ to }) => !to.startsWith('package:') && !/\.(tsx?|css|json|mjs|woff2)(\?.*)?$/.test(to))
    expect(bare).toEqual([])
  })
})

/**
 * `engines` says Node 20.19, and the compiler's ES2024 knows more than that: it lets these pass, and they are
 * missing when they are called. Named here are those of Node 21 and later that tempt.
 */
const LATER_THAN_NODE_20: readonly (readonly [what: string, use: RegExp])[] = [
  ['Promise.withResolvers (22)', /\bPromise\.withResolvers\b/],
  ['Promise.try (24)', /\bPromise\.try\b/],
  ['Object.groupBy and Map.groupBy (21)', /\b(?:Object|Map)\.groupBy\b/],
  ['Array.fromAsync (22)', /\bArray\.fromAsync\b/],
  ['set methods (22)', /\.(?:union|intersection|difference|symmetricDifference|isSubsetOf|isSupersetOf|isDisjointFrom)\(/],
  ['iterator helpers (22)', /\bIterator\.(?:from|prototype)\b|\.(?:values|keys|entries)\(\)\s*\.(?:map|filter|take|drop|flatMap|reduce|toArray|forEach|some|every|find)\(|\)\.toArray\(/],
  ['ArrayBuffer.transfer (21)', /\.transfer(?:ToFixedLength)?\(/],
  ['RegExp.escape (24)', /\bRegExp\.escape\b/],
  ['URL.parse (22)', /\bURL\.parse\(/],
  ['base64 of typed arrays (25)', /\bUint8Array\.from(?:Base64|Hex)\b/],
  ['the global WebSocket (22)', /\bnew WebSocket\(/],
  ['fs.glob (22)', /\bglob(?:Sync)?\b[^;]*from 'node:fs/],
]

describe('what Node 20 lacks', () => {
  // Of the page, too: its logic is tested in Node.
  const programs = ['src', 'test', 'config'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file.replaceAll('\\', '/')}`).filter((file) => /\.(tsx?|mjs)$/.test(file) && file !== 'test/architecture.test.ts'),
  )

  it.each(LATER_THAN_NODE_20)('is used nowhere: %s', (_, use) => {
    expect(programs.filter((file) => use.test(withoutComments(readFileSync(join(root, file), 'utf8'))))).toEqual([])
  })

  it.each(['Promise.withResolvers()', 'Map.groupBy(x, y)', 'await Array.fromAsync(x)', 'a.union(b)', 'map.values().map((x) => x)', 'rows.keys()\n  .filter(isOld)', 'buffer.transfer()'])('would be found: %s', (text) => {
    expect(LATER_THAN_NODE_20.filter(([, use]) => use.test(text))).toHaveLength(1)
  })
})

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '')
}

function isAllowed({ from, to }: Import): boolean {
  const part = partOf(from)
  const rule = part === undefined ? undefined : MAY[part]
  if (part === undefined || rule === undefined) return false
  if (to.startsWith('package:')) {
    const name = to.slice('package:'.length)
    return rule.packages.some((allowed) => (/[:/]$/.test(allowed) ? name.startsWith(allowed) : name === allowed || name.startsWith(`${allowed}/`)))
  }
  if (to.endsWith('.css')) return true
  // Whoever starts a worker names its file: an address, none of whose code is taken over.
  if (from === 'app/main.tsx' && /^workers\/[^/]+\.worker\.ts$/.test(to)) return true
  const target = partOf(to)
  return target === part || (target !== undefined && rule.parts.includes(target))
}

function partOf(file: string): string | undefined {
  return PARTS.find(([, path]) => path.test(file))?.[0]
}

function domainOf(file: string): string | undefined {
  return /^domains\/([^/]+)\//.exec(file)?.[1]
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(src, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '')
  const specifiers = [
    ...text.matchAll(/^\s*(?:import|export)\s(?:[^'"]*?\sfrom\s)?\s*['"]([^'"]+)['"]/gm),
    ...text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g),
    ...text.matchAll(/new URL\(\s*['"](\.[^'"]+)['"],\s*import\.meta\.url/g),
  ].map((match) => match[1]!)
  return specifiers.map((to) => ({
    from: file,
    to: to.startsWith('.') ? relative(src, resolve(join(src, dirname(file)), to)).replaceAll('\\', '/') : `package:${to}`,
  }))
}
