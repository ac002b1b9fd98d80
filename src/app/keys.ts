/**
 * Every single key of the page, as data: what the help lists, and what the listeners go by.
 *
 * An id stays when its key changes: whoever remaps keys writes down ids. Keys are what `KeyboardEvent.key` says,
 * letters in lower case.
 */
import { defineMessage, type Message } from '../language/say.ts'

/** Where the key is heard. */
export type KeyPlace = 'everywhere' | 'monitor'

export interface KeyBinding {
  readonly id: KeyId
  /** Any of them does it; two in one text, parted by a space, are pressed one after the other. */
  readonly keys: readonly string[]
  /** What it does, in words. */
  readonly label: Message
  readonly place: KeyPlace
  /** Only while nothing has the focus: lists, fields and the map have their own use for it. */
  readonly isShared?: boolean
}

export type KeyId =
  | 'nextUnusual'
  | 'previousUnusual'
  | 'inspect'
  | 'crosshair'
  | 'pause'
  | 'now'
  | 'earlier'
  | 'later'
  | 'layer'
  | 'view'
  | 'table'
  | 'search'
  | 'moveMap'
  | 'zoomIn'
  | 'zoomOut'
  | 'theme'
  | 'copyLink'
  | 'acknowledge'
  | 'goMonitor'
  | 'goHealth'
  | 'help'
  | 'close'

export const KEYS: readonly KeyBinding[] = [
  { id: 'nextUnusual', keys: ['j'], label: defineMessage({ id: 'key.nextUnusual', defaultMessage: 'Next unusual place' }), place: 'monitor' },
  { id: 'previousUnusual', keys: ['k'], label: defineMessage({ id: 'key.previousUnusual', defaultMessage: 'Previous unusual place' }), place: 'monitor' },
  { id: 'inspect', keys: ['Enter'], label: defineMessage({ id: 'key.inspect', defaultMessage: 'Open what is marked' }), place: 'monitor', isShared: true },
  { id: 'crosshair', keys: ['x'], label: defineMessage({ id: 'key.crosshair', defaultMessage: 'Crosshair on the map: hear the nearest sensor' }), place: 'monitor' },
  { id: 'pause', keys: [' '], label: defineMessage({ id: 'key.pause', defaultMessage: 'Pause, or go on' }), place: 'monitor', isShared: true },
  { id: 'now', keys: ['n'], label: defineMessage({ id: 'key.now', defaultMessage: 'Back to now' }), place: 'monitor' },
  { id: 'earlier', keys: ['ArrowLeft'], label: defineMessage({ id: 'key.earlier', defaultMessage: 'A quarter of an hour earlier; with Shift a day' }), place: 'monitor', isShared: true },
  { id: 'later', keys: ['ArrowRight'], label: defineMessage({ id: 'key.later', defaultMessage: 'A quarter of an hour later; with Shift a day' }), place: 'monitor', isShared: true },
  { id: 'layer', keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'], label: defineMessage({ id: 'key.layer', defaultMessage: 'The layer of that number' }), place: 'monitor' },
  { id: 'view', keys: ['u'], label: defineMessage({ id: 'key.view', defaultMessage: 'Value, against usual, against the limit' }), place: 'monitor' },
  { id: 'table', keys: ['t'], label: defineMessage({ id: 'key.table', defaultMessage: 'All sensors as a table, or as a list' }), place: 'monitor' },
  { id: 'moveMap', keys: ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'], label: defineMessage({ id: 'key.moveMap', defaultMessage: 'Move the map, while it has the focus or the crosshair' }), place: 'monitor', isShared: true },
  { id: 'zoomIn', keys: ['+', '='], label: defineMessage({ id: 'key.zoomIn', defaultMessage: 'Closer on the map' }), place: 'monitor' },
  { id: 'zoomOut', keys: ['-'], label: defineMessage({ id: 'key.zoomOut', defaultMessage: 'Further from the map' }), place: 'monitor' },
  { id: 'theme', keys: ['d'], label: defineMessage({ id: 'key.theme', defaultMessage: 'Day or night colours' }), place: 'monitor' },
  { id: 'copyLink', keys: ['s'], label: defineMessage({ id: 'key.copyLink', defaultMessage: 'Copy the link to what is shown' }), place: 'monitor' },
  { id: 'acknowledge', keys: ['a'], label: defineMessage({ id: 'key.acknowledge', defaultMessage: 'Acknowledge the incident that asks first' }), place: 'monitor' },
  { id: 'search', keys: ['/'], label: defineMessage({ id: 'key.search', defaultMessage: 'Search a place, sensor, layer, city or command' }), place: 'everywhere' },
  { id: 'help', keys: ['?'], label: defineMessage({ id: 'key.help', defaultMessage: 'All keys' }), place: 'everywhere' },
  { id: 'goMonitor', keys: ['g m'], label: defineMessage({ id: 'key.goMonitor', defaultMessage: 'Go to the Monitor' }), place: 'everywhere' },
  { id: 'goHealth', keys: ['g h'], label: defineMessage({ id: 'key.goHealth', defaultMessage: 'Go to Health' }), place: 'everywhere' },
  { id: 'close', keys: ['Escape'], label: defineMessage({ id: 'key.close', defaultMessage: 'Close, or back' }), place: 'everywhere' },
]

/** Which bindings a key may mean, in the order of the table: an arrow is time's or the map's. */
export function bindingsOf(key: string): readonly KeyId[] {
  const lower = key.length === 1 ? key.toLowerCase() : key
  return KEYS.flatMap(({ id, keys }) => (keys.includes(lower) ? [id] : []))
}

export function isShared(id: KeyId): boolean {
  return KEYS.find((binding) => binding.id === id)?.isShared === true
}
