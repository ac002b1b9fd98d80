/** Every message of the sources, by its id, sorted. */
export function extractedMessages(): Readonly<Record<string, string>>
