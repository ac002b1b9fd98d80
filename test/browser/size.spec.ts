/** First-load JavaScript within its budget (UX: shell without map at most 250 KB, map chunk at most 800 KB, gzipped). */
import { resolve } from 'node:path'
import { expect, test } from '@playwright/test'
import { firstLoadOf } from '../first-load.ts'

const KB = 1000

test('the shell and the map stay within their budgets', () => {
  const { shellBytes, mapBytes } = firstLoadOf(resolve(import.meta.dirname, '../../dist/page'))
  console.log(`first load, gzipped: shell ${(shellBytes / KB).toFixed(0)} KB, map ${(mapBytes / KB).toFixed(0)} KB`)
  expect(shellBytes).toBeLessThanOrEqual(250 * KB)
  expect(mapBytes).toBeLessThanOrEqual(800 * KB)
})
