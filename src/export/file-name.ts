/** "porto-noise-20261120T081400Z.csv": sorts by city, layer and time, and is a name on every system. */
export function fileNameOf({ cityId, domain, atMs, extension }: { readonly cityId: string; readonly domain: string; readonly atMs: number; readonly extension: string }): string {
  const time = new Date(atMs).toISOString().replace(/\.\d+Z$/, 'Z').replaceAll(/[-:]/g, '')
  return `${[cityId, domain, time].map((part) => part.replaceAll(/[^\p{L}\p{N}-]+/gu, '-')).join('-')}.${extension}`
}
