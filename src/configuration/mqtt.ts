/**
 * An MQTT server between a broker and pages. The broker publishes there what changes, pages read it by WebSocket, and this
 * server only makes the subscription.
 *
 * So nothing holds back what is about people: the privacy floor is in this server, and MQTT goes past it. The subscription
 * names no personal type, but an entity may have two types at once, and then it goes to whoever asked for the other. Nobody
 * but the city knows whether there is such a one: it must say that there is none, or it has no MQTT.
 */
import * as v from 'valibot'
import { union } from 'valibot'
import { object, secret, socketUrl, text } from './shapes.ts'

const setting = v.pipe(union([text, secret], 'text, or { "env": … }'), v.description('As it is, or from an environment variable.'))

const brokerSees = 'an mqtt or mqtts address without user, query or wildcard'
/** What is expected of whoever leaves it out. */
export const PEOPLE_APART = 'the word "apart", by which the city says that no entity of this broker is about people and of another type at once; MQTT goes past the privacy floor, and without that word it is not offered (docs/privacy.md)'

export const mqtt = object({
  brokerSees: v.pipe(
    v.string(brokerSees),
    v.regex(/^mqtts?:\/\/[^\s/?#@]+(\/[^\s?#+]*)?$/, brokerSees),
    v.description('Where the broker publishes: mqtt://host:1883, with the first part of the topic as path when "belvedere" is not wanted.'),
  ),
  pageSees: v.pipe(socketUrl, v.description('Where pages read: wss://host/mqtt.')),
  // Needed, which `parse.ts` says in words that help.
  people: v.optional(v.pipe(v.literal('apart', PEOPLE_APART), v.description('Needed. Says that no entity of this broker is about people and of another type at once: MQTT goes past the privacy floor.'))),
  version: v.optional(v.pipe(v.picklist(['3.1.1', '5'], '"3.1.1" or "5"'), v.description('Of MQTT, for both sides.')), '5'),
  qos: v.optional(v.pipe(v.picklist([0, 1, 2], '0, 1 or 2'), v.description('Quality of service, for both sides. Doubled messages cost nothing.')), 1),
  brokerLogin: v.optional(v.pipe(object({ username: setting, password: secret }), v.description('For the broker: goes into its subscription and nowhere else.'))),
  pageLogin: v.optional(
    v.pipe(
      object({
        kind: v.pipe(v.literal('jwt', '"jwt"'), v.description('A token (HS256) as password, made for each connection; it lets its holder read the topic of this broker.')),
        secret,
        username: v.optional(text, 'belvedere'),
        lifetimeS: v.optional(v.pipe(v.number('seconds from 60 to 86400'), v.minValue(60, 'seconds from 60 to 86400'), v.maxValue(86_400, 'seconds from 60 to 86400')), 3_600),
      }),
      v.description('For pages: none when left out.'),
    ),
  ),
})

export type MqttConfiguration = v.InferOutput<typeof mqtt>

/** Environment variables that it names, by where. */
export function variablesOfMqtt({ brokerLogin, pageLogin }: MqttConfiguration): readonly { readonly key: string; readonly env: string }[] {
  return [
    ...(typeof brokerLogin?.username === 'object' ? [{ key: 'brokerLogin.username', env: brokerLogin.username.env }] : []),
    ...(brokerLogin === undefined ? [] : [{ key: 'brokerLogin.password', env: brokerLogin.password.env }]),
    ...(pageLogin === undefined ? [] : [{ key: 'pageLogin.secret', env: pageLogin.secret.env }]),
  ]
}
