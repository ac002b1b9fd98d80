/** One thing that is wrong with a file: where, what was expected and what came. */
export interface Problem {
  /** `cities[0].timeZone`; empty for the whole file. */
  readonly path: string
  readonly expected: string
  readonly got: string
}

export function formatProblem({ path, expected, got }: Problem): string {
  return `${path === '' ? '(file)' : path}: expected ${expected}, got ${got}`
}

/** A short picture of a value: enough to find it in the file. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value) ?? typeof value
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}
