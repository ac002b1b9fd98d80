/**
 * Last known values in the browser's own data base, for a few cities. Nothing depends on it: a browser that has none, that
 * refuses (private mode, policy, no room) or gives back what cannot be read, answers nothing and keeps nothing.
 */
import type { KeptStore } from '../session/kept-values.ts'

const NAME = 'belvedere'
const STORE = 'last-values'
const BY_AGE = 'keptAtMs'
/** The one that was written longest ago goes. */
const MOST_CITIES = 3

export function createKeptStore(): KeptStore {
  return {
    read: async (cityId) => {
      try {
        return await withStore('readonly', (store) => settled(store.get(cityId)))
      } catch {
        return undefined // as if nothing had been kept
      }
    },
    write: async (cityId, value) => {
      try {
        await withStore('readwrite', async (store) => {
          await settled(store.put(value, cityId))
          const oldestFirst = await settled(store.index(BY_AGE).getAllKeys())
          for (const key of oldestFirst.slice(0, -MOST_CITIES)) store.delete(key)
        })
      } catch {
        // the next visit begins without
      }
    },
  }
}

/** Opened for each use: a data base that stays open would block another version of the program in another tab. */
async function withStore<T>(mode: IDBTransactionMode, use: (store: IDBObjectStore) => Promise<T>): Promise<T> {
  const opening = indexedDB.open(NAME, 1)
  opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore(STORE).createIndex(BY_AGE, 'keptAtMs'))
  const base = await settled(opening)
  try {
    return await use(base.transaction(STORE, mode).objectStore(STORE))
  } finally {
    base.close()
  }
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error ?? new Error('the data base does not answer')))
  })
}
