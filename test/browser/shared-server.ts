/**
 * One server for all specs that only look: cities come to life once, not once for each file.
 *
 * It has the cities of the shipped configuration. Porto, which nearly every spec looks at, is as shipped; of the others the page
 * shows that they are there, and they do with fewer sensors. Helsinki has an alarm. `healing.spec.ts` runs the configuration as it is shipped.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test as base } from '@playwright/test'
import { startServer, type ServerUnderTest } from './server.ts'

export { expect }
export type { Locator, Page } from '@playwright/test'

const SHIPPED = resolve(import.meta.dirname, '../../config/belvedere.json')
const FEWER_SENSORS = 80
/** Met by every microphone, and so one incident. */
const ALARM = {
  mayAct: true,
  everyS: 10,
  rules: [{ id: 'any', layer: 'noise', when: { kind: 'limit', above: 1 }, severity: 'high', cause: 'a test', consequence: 'a red strip', action: 'Call the test desk', owner: 'the test desk' }],
}

interface Shipped {
  readonly cities: readonly { readonly id: string; readonly brokers: readonly { readonly embedded: { readonly simulate: object } }[] }[]
}

export const test = base.extend<object, { readonly server: ServerUnderTest }>({
  server: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads from the pattern what a fixture needs: this one, nothing.
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'belvedere-browser-'))
      const file = join(folder, 'belvedere.json')
      writeFileSync(file, JSON.stringify(fewerElsewhere(JSON.parse(readFileSync(SHIPPED, 'utf8')) as Shipped)))
      const server = await startServer(['--config', file])
      await hasComeToLife(server)
      await use(server)
      await server.stop()
      rmSync(folder, { recursive: true })
    },
    { scope: 'worker', timeout: 90_000 },
  ],
})

/** A server is ready before its simulated sensors are: a test that waited for them would measure the machine. */
async function hasComeToLife(server: ServerUnderTest): Promise<void> {
  const count = async (): Promise<number> => {
    const answer = await fetch(`${server.url}/ngsi-ld/v1/entities?type=NoiseLevelObserved&limit=1&count=true`, { headers: { 'NGSILD-Tenant': 'porto' } })
    return Number(answer.headers.get('ngsild-results-count'))
  }
  await expect.poll(count, { timeout: 60_000 }).toBeGreaterThan(20)
}

function fewerElsewhere(shipped: Shipped): object {
  const cities = shipped.cities.map((city) =>
    city.id === 'porto' ? city : { ...city, brokers: city.brokers.map((broker) => ({ ...broker, embedded: { simulate: { ...broker.embedded.simulate, sensors: FEWER_SENSORS } } })), ...(city.id === 'helsinki' && { incidents: ALARM }) },
  )
  // The schema's path is of the shipped file's place.
  return { ...shipped, $schema: undefined, cities }
}
