/** A city under load and the page that shows it, for as long as something is measured. */
import { openPage, type OpenPage } from './chromium-page.ts'
import { startLoadedServer, type LoadedServer } from './loaded-server.ts'

export async function withCity<T>(sensors: number, measure: (server: LoadedServer, page: OpenPage) => Promise<T>): Promise<T> {
  const server = await startLoadedServer(sensors)
  try {
    const page = await openPage(server.url, sensors)
    try {
      return await measure(server, page)
    } finally {
      await page.close()
    }
  } finally {
    await server.stop()
  }
}
