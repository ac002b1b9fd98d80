/** A report that somebody writes about a sensor: the same text for the mail program and for the clipboard. */
import { say } from '../../language/say.ts'

export interface ReportedSensor {
  readonly city: string
  readonly layer: string
  readonly name: string
  readonly id: string
  /** As it is shown, with its unit; undefined when there is none. */
  readonly value: string | undefined
  /** "40 s ago" */
  readonly age: string
  readonly observedAt: string | undefined
  /** Of this view. */
  readonly link: string
}

export interface Report {
  readonly subject: string
  readonly body: string
}

export function reportOf({ city, layer, name, id, value, age, observedAt, link }: ReportedSensor): Report {
  const lines = [
    say({ id: 'inspect.report.intro', defaultMessage: 'What I noticed:' }),
    '',
    '',
    say({ id: 'inspect.report.sensor', defaultMessage: 'Sensor: {name} ({layer}, {city})' }, { name, layer, city }),
    say({ id: 'inspect.report.id', defaultMessage: 'Id: {id}' }, { id }),
    value === undefined ? say({ id: 'inspect.report.noValue', defaultMessage: 'Value: none' }) : say({ id: 'inspect.report.value', defaultMessage: 'Value: {value}' }, { value }),
    observedAt === undefined ? say({ id: 'inspect.report.never', defaultMessage: 'Observed: never' }) : say({ id: 'inspect.report.observed', defaultMessage: 'Observed: {observedAt} ({age})' }, { observedAt, age }),
    say({ id: 'inspect.report.link', defaultMessage: 'Seen at: {link}' }, { link }),
  ]
  return { subject: say({ id: 'inspect.report.subject', defaultMessage: '{city}: {layer} sensor {name}' }, { city, layer, name }), body: lines.join('\n') }
}

/** The first address in the words that name a contact; undefined where there is none to write to. */
export function mailAddressIn(contact: string | undefined): string | undefined {
  return /[\w.+-]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)+/i.exec(contact ?? '')?.[0]
}

/** Line breaks as RFC 6068 wants them; a name cannot add a recipient or a header. */
export function mailtoOf(address: string, { subject, body }: Report): string {
  return `mailto:${encodeURIComponent(address).replace('%40', '@')}?subject=${encodeURIComponent(subject.toWellFormed())}&body=${encodeURIComponent(body.toWellFormed().replaceAll('\n', '\r\n'))}`
}
