/** What a warning is called. Of a kind that is not known here the identifier itself is read. */
import { defineMessage, say, type Message } from '../../language/say.ts'
import { identifierWords } from './identifier.ts'

const KINDS: ReadonlyMap<string, Message> = new Map([
  ['assumedUnit', defineMessage({ id: 'warning.assumedUnit', defaultMessage: 'Assumed unit' })],
  ['deleted', defineMessage({ id: 'warning.deleted', defaultMessage: 'Deleted' })],
  ['derivedPeriod', defineMessage({ id: 'warning.derivedPeriod', defaultMessage: 'Derived period' })],
  ['enumVariant', defineMessage({ id: 'warning.enumVariant', defaultMessage: 'Enum variant' })],
  ['epochTime', defineMessage({ id: 'warning.epochTime', defaultMessage: 'Epoch time' })],
  ['implausible', defineMessage({ id: 'warning.implausible', defaultMessage: 'Implausible' })],
  ['incompleteIndex', defineMessage({ id: 'warning.incompleteIndex', defaultMessage: 'Incomplete index' })],
  ['inconsistentSlots', defineMessage({ id: 'warning.inconsistentSlots', defaultMessage: 'Inconsistent slots' })],
  ['legacyName', defineMessage({ id: 'warning.legacyName', defaultMessage: 'Legacy name' })],
  ['noPeriod', defineMessage({ id: 'warning.noPeriod', defaultMessage: 'No period' })],
  ['noTimeZone', defineMessage({ id: 'warning.noTimeZone', defaultMessage: 'No time zone' })],
  ['notANumber', defineMessage({ id: 'warning.notANumber', defaultMessage: 'Not a number' })],
  ['otherInstances', defineMessage({ id: 'warning.otherInstances', defaultMessage: 'Other instances' })],
  ['outsideCity', defineMessage({ id: 'warning.outsideCity', defaultMessage: 'Outside city' })],
  ['rainAsBoolean', defineMessage({ id: 'warning.rainAsBoolean', defaultMessage: 'Rain as boolean' })],
  ['rangeContradiction', defineMessage({ id: 'warning.rangeContradiction', defaultMessage: 'Range contradiction' })],
  ['sentinel', defineMessage({ id: 'warning.sentinel', defaultMessage: 'Sentinel' })],
  ['summed', defineMessage({ id: 'warning.summed', defaultMessage: 'Summed' })],
  ['swappedCoordinates', defineMessage({ id: 'warning.swappedCoordinates', defaultMessage: 'Swapped coordinates' })],
  ['unitContradiction', defineMessage({ id: 'warning.unitContradiction', defaultMessage: 'Unit contradiction' })],
  ['unknownUnitCode', defineMessage({ id: 'warning.unknownUnitCode', defaultMessage: 'Unknown unit code' })],
  ['unreadableTime', defineMessage({ id: 'warning.unreadableTime', defaultMessage: 'Unreadable time' })],
  ['zeroPeriod', defineMessage({ id: 'warning.zeroPeriod', defaultMessage: 'Zero period' })],
  ['zeroSpeed', defineMessage({ id: 'warning.zeroSpeed', defaultMessage: 'Zero speed' })],
])

export function warningKind(kind: string): string {
  const message = KINDS.get(kind)
  return message === undefined ? identifierWords(kind) : say(message)
}
