/**
 * What the hot path costs, as ratios measured in one run: machines differ by a factor of two from hour
 * to hour, ratios hardly. Inputs are made from a seed. A table for people, JSON for programs.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { measureIngest } from './data-engine.ts'
import type { Figure } from './figure.ts'
import { measureMemory } from './memory.ts'
import { measureRefresh } from './refresh.ts'
import { measureSimulation } from './simulated-city.ts'

const { values } = parseArgs({ options: { json: { type: 'string' } } })

const figures: readonly Figure[] = [...measureIngest(), ...measureRefresh(), ...measureMemory(), ...measureSimulation()]

const width = Math.max(...figures.map(({ name }) => name.length))
for (const { name, value, unit, against } of figures) {
  console.log(`${name.padEnd(width)}  ${String(Number(value.toPrecision(3))).padStart(8)} ${unit}${against === undefined ? '' : `  against ${against}`}`)
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ node: process.version, figures }, undefined, 2)}\n`)
