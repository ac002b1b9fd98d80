/** Recorded payloads and documents that are shared beside the repository, never copied into it. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const SHARED = process.env['BELVEDERE_SHARED'] ?? resolve(import.meta.dirname, '../../shared')

export const hasShared = existsSync(SHARED)

export const sharedPath = (...parts: readonly string[]): string => join(SHARED, ...parts)
