/** A name or a sentence of its own as a part of another sentence: where a language writes its nouns large, it stays as it is. */
import { spoken } from '../../language/say.ts'

/** "Noise" as in "54 noise sensors". */
export function inSentence(name: string): string {
  return spoken().tag === 'de' ? name : name.toLocaleLowerCase(spoken().region)
}

/** "The server does not answer" as in "No history: the server does not answer". */
export function lowerFirst(text: string): string {
  return `${inSentence(text.slice(0, 1))}${text.slice(1)}`
}

export function upperFirst(text: string): string {
  return `${text.slice(0, 1).toLocaleUpperCase(spoken().region)}${text.slice(1)}`
}
