/** What a first visit loads, from the built page. */
import { firstLoadOf } from '../first-load.ts'
import { atMost, type Figure } from './figure.ts'

const KB = 1_000

export function measureFirstLoad(): Figure[] {
  const { shellBytes, mapBytes } = firstLoadOf('dist/page')
  return [
    { name: 'first load, shell, gzipped', value: shellBytes / KB, unit: 'KB', target: atMost(250, 180) },
    { name: 'first load with the map, gzipped', value: (shellBytes + mapBytes) / KB, unit: 'KB', target: atMost(1_050, 800) },
  ]
}
