/** What is said when a server answers with something else than was asked for: of an error its number, of JSON where it does not fit. */
import * as v from 'valibot'
import { say } from '../language/say.ts'

/** It answers; what it said is the message, as the end of a sentence. */
export class ServerAnswered extends Error {
  override readonly name = 'ServerAnswered'
}

export function statusWords(status: number): string {
  return say({ id: 'incidents.serverAnswered', defaultMessage: 'the server answered {status}' }, { status })
}

export function unfitWords(issue: v.BaseIssue<unknown>): string {
  return say({ id: 'server.unfit', defaultMessage: "the server's answer does not fit this page: {where}" }, { where: whereWords(issue) })
}

/** "cities.0.timeZone: expected string, got 3" */
export function whereWords(issue: v.BaseIssue<unknown>): string {
  const { expected, message, received } = issue
  const path = v.getDotPath(issue) ?? say({ id: 'server.theAnswer', defaultMessage: 'the answer' })
  return say({ id: 'server.expected', defaultMessage: '{path}: expected {expected}, got {received}' }, { path, expected: expected ?? message, received })
}
