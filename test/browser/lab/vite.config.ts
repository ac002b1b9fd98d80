/** Serves the page on made-up data, without server or worker: `npx vite --config test/browser/lab/vite.config.ts`. */
import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const root = resolve(import.meta.dirname, '../../..')

export default defineConfig({
  root,
  plugins: [
    react(),
    {
      name: 'lab-entry',
      // Every address of the page is answered with the lab's document.
      configureServer(server) {
        server.middlewares.use((request, _, next) => {
          if (request.headers.accept?.includes('text/html') === true) request.url = '/test/browser/lab/index.html'
          next()
        })
      },
    },
  ],
  cacheDir: resolve(root, 'dist/lab-cache'),
  server: { port: 5199, strictPort: true, host: '127.0.0.1', fs: { strict: false } },
})
