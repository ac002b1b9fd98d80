/**
 * Words of an identifier, for people: what a domain calls `IncompleteIndex` or `clock-ahead` is read as
 * "Incomplete index" and "Clock ahead". Names of one piece in capitals, or with digits, are kept: "NO2", "EAQI".
 */
export function identifierWords(identifier: string): string {
  const words = identifier
    .replaceAll(/[-_.\s]+/g, ' ')
    // "IncompleteIndex" and "EAQIIncomplete": a capital begins a word, unless it is one of several.
    .replaceAll(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .trim()
    .split(' ')
    .map((word) => (/^\p{Lu}[\p{Lu}\d]+$/u.test(word) ? word : word.toLowerCase()))
    .join(' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
