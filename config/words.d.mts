/** Every message of the sources, by its id, sorted. */
export function extractedMessages(): Readonly<Record<string, string>>

type Ids = readonly string[]

/** Ids of the English catalogue that another lacks, and those that it has beyond. */
export function idsBeside(english: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): { readonly missing: Ids; readonly surplus: Ids }
