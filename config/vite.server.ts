/** The server's bundle: Node modules and dependencies stay outside, our own TypeScript goes in. */
import { resolve } from 'node:path'
import { defineConfig } from 'vite'

const entry = (name: string): string => resolve(import.meta.dirname, '..', 'src', 'server', `${name}.ts`)

export default defineConfig({
  publicDir: false,
  build: {
    ssr: true,
    outDir: 'dist/server',
    emptyOutDir: true,
    target: 'node20',
    rolldownOptions: { input: { main: entry('main'), probe: entry('probe'), load: entry('load') } },
  },
})
