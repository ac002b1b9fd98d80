/** The name that answers are signed with: typed once, kept by this browser. It proves nothing; there is no login. */
const KEY = 'belvedere.operator'

// A browser may refuse storage (private mode, policy): the name then lasts as long as the page.
let name: string | undefined

export function operatorName(): string {
  if (name !== undefined) return name
  try {
    return (name = localStorage.getItem(KEY) ?? '')
  } catch {
    return (name = '')
  }
}

export function keepOperatorName(next: string): void {
  name = next
  try {
    localStorage.setItem(KEY, next)
  } catch {
    // see `name`
  }
}
