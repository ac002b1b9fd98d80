/** Terms, people, algorithms and safety: little of it can be seen from outside, and the rest is said to be declared or not. */
import { evidenceOf, fail, pass, unknown, type Check } from './check.ts'
import { attributesOf, sampleOf } from './exchange.ts'

/** Names of attributes that say who somebody is. Names of places and devices are none. */
const PERSON = /^(givenName|familyName|firstName|lastName|fullName|e-?mail|email(Address)?|telephone|phone(Number)?|birthDate|dateOfBirth|licen[cs]ePlate.*|(vehicle)?plate(Number|Identifier)?|vehiclePlateIdentifier|user(Id|Name)|rider(Id|Name)?|student(Id|Name)|patient.*|passport.*|nationalId|ownerName|personName|imei|imsi|macAddress)$/i

export const TRUST_CHECKS: readonly Check[] = [
  {
    id: 'exchanging/licence', mim: 'exchanging', requirement: 'C2', title: 'Names the terms of use',
    remedy: 'Name the licence in the configuration of the city, or in the attribute license of its entities',
    judge(answers) {
      if (answers.facts.licence !== undefined) return pass('named in the configuration', { value: answers.facts.licence })
      const found = sampleOf(answers).find(({ entity }) => attributesOf(entity).some(([name]) => /^licen[cs]e/i.test(name)))
      if (found === undefined) return answers.facts.isConfigured === true ? fail('neither the configuration nor an entity of the sample names a licence') : unknown('no entity of the sample names a licence, and no configuration is known here')
      return pass('named in the entities', evidenceOf(found.exchange, { value: found.entity.id }))
    },
  },
  {
    id: 'exchanging/attribution', mim: 'exchanging', requirement: 'C2', title: 'Says whose data it is',
    remedy: 'Name it as attribution in the configuration, or in the attribute dataProvider of the entities',
    judge(answers) {
      if (answers.facts.attribution !== undefined) return pass('named in the configuration', { value: answers.facts.attribution })
      const found = sampleOf(answers).find(({ entity }) => attributesOf(entity).some(([name]) => /^(dataProvider|source)$/i.test(name)))
      if (found === undefined) return answers.facts.isConfigured === true ? fail('neither the configuration nor an entity of the sample says so') : unknown('no entity of the sample says so, and no configuration is known here')
      return pass('named in the entities', evidenceOf(found.exchange, { value: found.entity.id }))
    },
  },
  {
    id: 'exchanging/catalogue', mim: 'exchanging', requirement: 'C1, C3', title: 'Is offered in a catalogue, by contract',
    remedy: 'Declare where its catalogue is',
    judge: () => unknown('no endpoint of a catalogue is known'),
  },
  {
    id: 'personal/attributes', mim: 'personal', requirement: '–', title: 'Shows no attribute that names a person',
    remedy: 'Remove the attribute, or move these entities behind an access of their own',
    judge(answers) {
      const sample = sampleOf(answers)
      if (sample.length === 0) return unknown('the broker showed no entity')
      for (const { entity, exchange } of sample) {
        const name = attributesOf(entity).map(([one]) => one).find((one) => PERSON.test(one))
        // Its value is left out: it would be shown to whoever reads this.
        if (name !== undefined) return fail('an attribute names a person', evidenceOf(exchange, { value: `${entity.id} has ${name}` }))
      }
      return pass(`none in ${sample.length} entities`, evidenceOf(sample[0]!.exchange))
    },
  },
  {
    id: 'personal/floor', mim: 'personal', requirement: '–', title: 'Declares from how many people on it shows anything',
    remedy: 'See privacyFloor in the configuration',
    judge: ({ facts }) => (facts.floor === undefined ? unknown('no layer of this city is about people, as far as is known') : pass('declared, and held by this server', { value: facts.floor })),
  },
  {
    id: 'personal/consent', mim: 'personal', requirement: '–', title: 'Consent and portability',
    remedy: 'Declare it',
    judge: () => unknown('what people agreed to is not told by a broker'),
  },
  {
    id: 'transparency/register', mim: 'transparency', requirement: '–', title: 'Algorithms behind the data are registered',
    remedy: 'Declare where the register is',
    judge: () => unknown('no register of algorithms is known'),
  },
  {
    id: 'securing/tls', mim: 'securing', requirement: '–', title: 'Is reached by TLS',
    remedy: 'Serve the broker by https and change its url in the configuration',
    judge({ facts }) {
      const url = URL_PARTS.exec(facts.apiUrl)
      if (url?.[1] === 'https') return pass('https')
      return /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(url?.[2] ?? '') ? unknown('it is on the machine that asks: nothing travels') : fail('plain http', { value: url?.[1] ?? 'no address' })
    },
  },
  {
    id: 'securing/hsts', mim: 'securing', requirement: '–', title: 'Insists on TLS (HSTS)',
    remedy: 'Send Strict-Transport-Security with every answer',
    judge({ facts, exchanges }) {
      if (URL_PARTS.exec(facts.apiUrl)?.[1] !== 'https') return unknown('it is not reached by https')
      const answered = [...exchanges.values()].filter(({ status }) => status !== undefined)
      const found = answered.find(({ headers }) => headers['strict-transport-security'] !== undefined)
      if (answered.length === 0) return unknown('no answer')
      return found === undefined ? fail('no answer has Strict-Transport-Security', evidenceOf(answered[0])) : pass('it does', evidenceOf(found, { value: found.headers['strict-transport-security'] }))
    },
  },
  {
    id: 'securing/challenge', mim: 'securing', requirement: '–', title: 'Says how to prove who one is (401)',
    remedy: 'Send WWW-Authenticate with 401 (RFC 9110, 11.6.1)',
    judge({ facts, exchanges }) {
      const refused = [...exchanges.values()].find(({ status }) => status === 401)
      const value = refused?.headers['www-authenticate']
      if (refused !== undefined) return value === undefined ? fail('401 without WWW-Authenticate', evidenceOf(refused)) : pass('it does', evidenceOf(refused, { value }))
      return unknown(facts.isAnonymous ? 'it may be read without' : 'it is asked with a token, which it takes')
    },
  },
  {
    id: 'securing/identity', mim: 'securing', requirement: '–', title: 'Verifiable credentials, mutual TLS, eIDAS',
    remedy: 'Declare it',
    judge: () => unknown('a reader does not see it'),
  },
]

/** `URL` is not known everywhere this runs. */
const URL_PARTS = /^(https?):\/\/([^/]+)/i
