/** The access to all brokers of a configuration: their lines, and where people log in for those that want a person. */
import type { Configuration } from '../../configuration/schema.ts'
import { addressesOf } from '../../configuration/access.ts'
import type { BrokerAddress } from '../broker-address.ts'
import type { Logger } from '../log.ts'
import type { Timers } from '../relay/city-hub.ts'
import type { BrokerLine, LineStats } from './broker-line.ts'
import { createLoginRoutes, type LoginRoutes } from './login-routes.ts'
import { createLogins } from './logins.ts'
import { openLine, type LoginLine } from './open-line.ts'
import type { TokenState } from './token-source.ts'

export interface Access {
  /** By city, then in the order of its brokers. */
  readonly addresses: ReadonlyMap<string, readonly BrokerAddress[]>
  /** Undefined when no broker wants a person. */
  readonly loginRoutes: LoginRoutes | undefined
  readonly stats: readonly BrokerAccessStats[]
  start(): void
  close(): void
}

export type BrokerAccessStats = { readonly city: string; readonly broker: string } & LineStats

export function createAccess(given: {
  readonly configuration: Configuration
  readonly addressOf: (city: Configuration['cities'][number], broker: Configuration['cities'][number]['brokers'][number]) => Omit<BrokerAddress, 'line'>
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly timers: Timers
  readonly random: () => number
  readonly log: Logger
}): Access {
  const { configuration, environment, timers, random, log } = given
  const lines: { readonly city: string; readonly broker: string; readonly line: BrokerLine }[] = []
  const logins: { readonly city: string; readonly broker: string; readonly login: LoginLine }[] = []

  const addresses = new Map(
    configuration.cities.map((city) => [
      city.id,
      city.brokers.map((broker): BrokerAddress => {
        const address = given.addressOf(city, broker)
        const own = { city: city.id, broker: broker.id }
        const { line, login } = openLine(broker, address, { environment, timers, random, onState: onChange(own, log) })
        lines.push({ ...own, line })
        if (login !== undefined) logins.push({ ...own, login })
        for (const { key, url } of addressesOf(broker.access)) if (isInTheClear(url)) log.warn('secrets go over plain http', { ...own, key })
        return { ...address, line }
      }),
    ]),
  )
  const key = configuration.server.adminKey
  return {
    addresses,
    loginRoutes: logins.length === 0 ? undefined : createLoginRoutes({ logins: createLogins({ lines: logins, now: () => timers.now() }), adminKey: key === undefined ? undefined : environment[key.env], now: () => timers.now(), log }),
    get stats() {
      return lines.map(({ city, broker, line }) => ({ city, broker, ...line.stats }))
    },
    start() {
      for (const { line } of lines) line.start()
    },
    close() {
      for (const { line } of lines) line.close()
    },
  }
}

/** Says when access begins to fail, and when it works again. */
function onChange(own: { readonly city: string; readonly broker: string }, log: Logger): (state: TokenState) => void {
  let said = ''
  return ({ state, detail }) => {
    if (state === said) return
    if (state === 'ready') {
      if (said !== '') log.info('access to broker works', own)
    } else log.warn('no access to broker', { ...own, detail })
    said = state
  }
}

function isInTheClear(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'http:' && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)
}
