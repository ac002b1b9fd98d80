import { describe, expect, it } from 'vitest'
import { isProblemBody, PROBLEM_STATUS, problemBody, readBatchOutcome, readProblem, type ProblemName } from './problem.ts'

describe('readProblem', () => {
  it.each(Object.entries(PROBLEM_STATUS))('reads %s, which travels with %i', (name, status) => {
    expect(readProblem(problemBody(name as ProblemName, 'title', 'detail'), status)).toEqual({ kind: 'problem', name, status, title: 'title', detail: 'detail' })
  })

  it.each([
    ['another body', { message: 'Missing authorization in request' }, 401, { title: 'Missing authorization in request', status: 401 }],
    ['text', 'Entity not found', 404, { title: 'Entity not found', name: 'ResourceNotFound' }],
    ['no body', undefined, 502, { title: 'HTTP 502', status: 502 }],
    ['nothing at all', null, undefined, { title: 'unknown problem' }],
    ['reasons in a list', { type: 'x/BadRequestData', title: 't', detail: ['a', 'b'] }, 400, { detail: 'a; b' }],
    ['a name that is a key of every object', { type: 'x/constructor', title: 't' }, undefined, { title: 't' }],
  ])('makes a title of %s', (_, body, status, expected) => {
    expect(readProblem(body, status)).toMatchObject(expected)
  })
})

describe('isProblemBody', () => {
  it.each<[unknown, boolean]>([
    [{ success: false, message: 'no token' }, true],
    [{ type: 'https://uri.etsi.org/ngsi-ld/errors/BadRequestData', title: 'x' }, true],
    [{ title: 'x', status: 500 }, true],
    [{ id: 'urn:a', type: 'T', title: 'Mr', success: false }, false],
    [[], false],
    [{ success: [], errors: [] }, false],
  ])('%j: %s', (body, expected) => {
    expect(isProblemBody(body)).toBe(expected)
  })
})

describe('readBatchOutcome', () => {
  it('tells what went through and what did not', () => {
    expect(readBatchOutcome({ success: ['urn:a'], errors: [{ entityId: 'urn:b', error: { type: 'https://uri.etsi.org/ngsi-ld/errors/AlreadyExists', title: 't' } }] })).toEqual({
      succeeded: ['urn:a'],
      failed: [{ entityId: 'urn:b', problem: { kind: 'problem', name: 'AlreadyExists', title: 't' } }],
    })
  })

  it('is undefined for anything else', () => {
    expect(readBatchOutcome({ success: false })).toBeUndefined()
    expect(readBatchOutcome([])).toBeUndefined()
  })
})
