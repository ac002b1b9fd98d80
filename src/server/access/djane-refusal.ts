/** Djane (2020) refuses a token with status 200 and `{"success": false, "message": "Token is not valid"}`: sensinov/djane, auth/auth.js. */

/** Its refusals are this short; entities are not looked into. */
const LONGEST = 512

/** The same answer, to be read as if nobody had looked; or `refused`. */
export async function refusesInBody(answer: Response): Promise<Response | 'refused'> {
  const length = Number(answer.headers.get('content-length') ?? Number.NaN)
  if (answer.status !== 200 || !(length <= LONGEST) || answer.headers.has('content-encoding')) return answer
  const text = await answer.text()
  return isRefusal(text) ? 'refused' : new Response(text, { status: answer.status, headers: answer.headers })
}

function isRefusal(text: string): boolean {
  try {
    const json = JSON.parse(text) as { readonly success?: unknown; readonly message?: unknown } | null
    return json?.success === false && typeof json.message === 'string' && /\btoken\b/i.test(json.message)
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}
