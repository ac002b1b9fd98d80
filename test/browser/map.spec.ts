/**
 * The map alone, in a real browser with made-up frames (`map-lab.ts`): pixels change where data is, picking
 * finds rows and cells, a lost graphics context heals, and without one the page is told.
 */
import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { createServer, type ViteDevServer } from 'vite'
import type { AddressInfo } from 'node:net'
import { changedPixels } from './pixels.ts'

const HERE = import.meta.dirname

/** Enough of Porto to tell land from sea. */
const OUTLINE = {
  type: 'FeatureCollection',
  bbox: [-8.76, 41.09, -8.5, 41.23],
  attribution: 'Coast <script>window.lab.xss = true</script>© somebody',
  features: [
    { type: 'Feature', properties: { kind: 'land' }, geometry: { type: 'Polygon', coordinates: [[[-8.69, 41.09], [-8.5, 41.09], [-8.5, 41.23], [-8.69, 41.23], [-8.69, 41.09]]] } },
    { type: 'Feature', properties: { kind: 'district', name: 'Baixa' }, geometry: { type: 'Point', coordinates: [-8.61, 41.15] } },
  ],
}

// Software draws every pixel: what is tested is there in a small map too.
test.use({ viewport: { width: 960, height: 640 } })

let server: ViteDevServer
let origin: string

test.beforeAll(async () => {
  server = await createServer({
    root: HERE,
    configFile: false,
    publicDir: false,
    cacheDir: resolve(HERE, '../../node_modules/.vite-map-lab'),
    logLevel: 'error',
    server: { port: 0, host: '127.0.0.1', hmr: false, fs: { allow: [resolve(HERE, '../..'), realpathSync(resolve(HERE, '../../node_modules'))] } },
    optimizeDeps: { include: ['maplibre-gl', '@deck.gl/core', '@deck.gl/layers', '@deck.gl/maplibre'] },
  })
  await server.listen()
  origin = `http://127.0.0.1:${(server.httpServer!.address() as AddressInfo).port}`
})

test.afterAll(() => server.close())

/** What the browser asked of others, and what it complained of. */
interface Watch {
  readonly foreign: string[]
  readonly complaints: string[]
}

async function open(page: Page, query: string): Promise<Watch> {
  const watch: Watch = { foreign: [], complaints: [] }
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(origin) && !/^(data|blob):/.test(url)) watch.foreign.push(url)
  })
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) watch.complaints.push(message.text())
  })
  page.on('pageerror', (error) => watch.complaints.push(error.message))
  await page.route('**/basemap/*.json', (route) => route.fulfill({ json: OUTLINE }))
  await page.goto(`${origin}/map-lab.html?${query}`)
  await page.waitForFunction(() => window.lab?.host.camera()?.settled === true)
  return watch
}

/** Colour of the whole page at the sensor, as a viewer sees it. */
async function colourAt(page: Page, at: { readonly x: number; readonly y: number }): Promise<string> {
  const png = await page.screenshot({ clip: { x: Math.round(at.x) - 1, y: Math.round(at.y) - 1, width: 3, height: 3 } })
  return page.evaluate(async (base64) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob())
    const canvas = new OffscreenCanvas(3, 3)
    const context = canvas.getContext('2d')!
    context.drawImage(image, 0, 0)
    return Array.from(context.getImageData(1, 1, 1, 1).data.subarray(0, 3), (byte) => byte.toString(16).padStart(2, '0')).join('')
  }, png.toString('base64'))
}

/** A fresh, valued sensor that no other one covers. */
function freeSensor(page: Page): Promise<{ row: number; x: number; y: number }> {
  return page.evaluate(() => {
    const { frame, host } = window.lab
    const at = (row: number): { x: number; y: number } => host.project([frame.positions[2 * row]!, frame.positions[2 * row + 1]!]) ?? { x: -1000, y: -1000 }
    for (let row = 0; row < frame.count; row++) {
      const { x, y } = at(row)
      if (frame.freshness[row] !== 0 || Number.isNaN(frame.values[row]) || !(x > 100 && y > 100 && x < innerWidth - 100 && y < innerHeight - 100)) continue
      const others = Array.from({ length: frame.count }, (_, other) => at(other)).filter((_, other) => other !== row)
      if (others.every((other) => Math.hypot(other.x - x, other.y - y) > 30)) return { row, x, y }
    }
    throw new Error('no free sensor')
  })
}

test('on a map of the city data changes pixels, a theme changes it in place, and keys move it', async ({ page }) => {
  const watch = await open(page, 'zoom=13')
  const sensor = await freeSensor(page)
  await test.step('attribution is read as words, never as markup', async () => {
    await expect(page.locator('.belvedere-attribution span')).toHaveText('Simulated data · Coast © somebody')
    expect(await page.locator('.belvedere-attribution img, .belvedere-attribution script').count()).toBe(0)
    expect(await page.evaluate(() => window.lab.xss)).toBeUndefined()
  })
  await test.step('data changes pixels where it is', async () => {
    await expect.poll(() => colourAt(page, sensor)).toMatch(/^(837f76|66676f|404f6e|13376d|002051)$/)
    await page.evaluate(() => {
      window.lab.empty = true
      window.lab.draw()
    })
    await expect.poll(() => colourAt(page, sensor)).not.toMatch(/^(837f76|66676f|404f6e|13376d|002051)$/)
    await page.evaluate(() => {
      window.lab.empty = false
      window.lab.draw()
    })
    await expect.poll(() => colourAt(page, sensor)).toMatch(/^(837f76|66676f|404f6e|13376d|002051)$/)
  })
  await test.step('a theme changes paper and data in place', async () => {
    await page.evaluate(() => window.lab.setTheme('night'))
    await expect.poll(() => colourAt(page, sensor)).toMatch(/^(696970|8a8577|ada476|dac561|fdea45)$/)
    await expect.poll(() => colourAt(page, { x: sensor.x + 18, y: sensor.y })).toBe('141a20')
  })
  await test.step('the keyboard pans and zooms the named canvas', async () => {
    const canvas = page.getByRole('region', { name: 'Map of the lab' })
    await canvas.focus()
    const before = await page.evaluate(() => window.lab.host.camera()!)
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => page.evaluate(() => window.lab.host.camera()!.centre[0])).toBeGreaterThan(before.centre[0])
    await page.keyboard.press('Equal')
    await expect.poll(() => page.evaluate(() => window.lab.host.camera()!.zoom)).toBeGreaterThan(before.zoom)
    for (const name of ['Zoom in', 'Zoom out', 'Sources']) {
      const box = (await page.getByLabel(name).boundingBox())!
      expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(24)
    }
  })
  await test.step('nobody is asked for anything, and nothing is complained of', async () => {
    expect(watch.foreign).toEqual([])
    expect(watch.complaints.filter((text) => !/GPU stall|GL Driver/.test(text))).toEqual([])
    expect(await page.evaluate(() => window.lab.problems)).toEqual([])
  })
})

test('a click finds the row of the sensor, also after rows without a position', async ({ page }) => {
  await open(page, 'zoom=13.5&rows=80')
  const sensor = await freeSensor(page)
  expect(sensor.row).not.toBe(7)
  await expect.poll(() => page.evaluate(({ x, y }) => window.lab.host.pickAt(x, y)?.index, sensor)).toBe(sensor.row)
  await page.mouse.click(sensor.x, sensor.y)
  await expect.poll(() => page.evaluate(() => window.lab.rows.at(-1))).toEqual({ row: sensor.row })
  expect(await page.evaluate(() => window.lab.picks.at(-1))).toMatchObject({ layerId: 'noise-sensors', index: sensor.row })

  await test.step('it tells whose rows were drawn, also after another roster came', async () => {
    await page.evaluate(() => (window.lab.picks.length = 0))
    await expect.poll(() => page.evaluate(({ x, y }) => window.lab.host.pickAt(x, y)?.drawn, sensor)).toEqual({ name: 'first' })
    await page.mouse.move(sensor.x, sensor.y)
    await expect.poll(() => page.evaluate(() => window.lab.hovers.length)).toBeGreaterThan(0)
    await page.mouse.down()
    // Between pressing and releasing, the sensors' rows are dealt anew: the last is the first.
    const row = await page.evaluate((row) => {
      const { frame } = window.lab
      const turned = <T extends Float32Array | Uint8Array>(array: T, size: number): T => {
        const copy = array.slice() as T
        for (let from = 0; from < frame.count; from++) copy.set(array.subarray(from * size, (from + 1) * size), (frame.count - 1 - from) * size)
        return copy
      }
      window.lab.frame = { ...frame, positions: turned(frame.positions, 2), values: turned(frame.values, 1), freshness: turned(frame.freshness, 1) }
      window.lab.roster = { name: 'second' }
      window.lab.draw()
      return frame.count - 1 - row
    }, sensor.row)
    await page.mouse.up()
    await expect.poll(() => page.evaluate(() => window.lab.picks.at(-1))).toMatchObject({ index: sensor.row, drawn: { name: 'first' } })
    // The other roster is drawn with the next picture, which a busy machine may still owe.
    await expect.poll(() => page.evaluate(({ x, y }) => window.lab.host.pickAt(x, y), sensor)).toMatchObject({ index: row, drawn: { name: 'second' } })
  })
})

test('a cell is a hexagon in true metres with a corner due north', async ({ page }) => {
  await open(page, 'zoom=14.5&rows=6')
  const centre = await page.evaluate(() => window.lab.showCellsAlone())
  const land = await colourAt(page, { x: centre.x + centre.pixelsPerM * 700, y: centre.y })
  await expect.poll(() => colourAt(page, centre)).not.toBe(land)

  // By the definition of core/geo/hex-grid: 500 m to a corner, which lies due north, and 433 m to the middle of an edge.
  const png = await page.screenshot()
  const reach = await page.evaluate(
    async ({ base64, centre }) => {
      const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob())
      const context = new OffscreenCanvas(image.width, image.height).getContext('2d')!
      context.drawImage(image, 0, 0)
      const redAt = (px: number, bearing: number): number => {
        const angle = (bearing * Math.PI) / 180
        return context.getImageData(Math.round(centre.x + px * Math.sin(angle)), Math.round(centre.y - px * Math.cos(angle)), 1, 1).data[0]!
      }
      return [0, 30, 60, 90, 180, 270].map((bearing) => {
        let px = 700 * centre.pixelsPerM
        // Land is light and tiles are dark by day: inwards until the first dark pixel.
        while (px > 0 && redAt(px, bearing) > 0xc0) px -= 0.5
        return px / centre.pixelsPerM
      })
    },
    { base64: png.toString('base64'), centre },
  )
  const expected = [500, 433, 500, 433, 500, 433]
  // Two pixels and the joint: some 10 m at this zoom.
  reach.forEach((metres, direction) => expect(Math.abs(metres - expected[direction]!)).toBeLessThan(10))
})

for (const which of ['basemap', 'data'] as const) {
  test(`a lost context of the ${which} heals`, async ({ page }) => {
    await open(page, 'zoom=13')
    const sensor = await freeSensor(page)
    const classColour = /^(837f76|66676f|404f6e|13376d|002051)$/
    await expect.poll(() => colourAt(page, sensor)).toMatch(classColour)
    const land = { x: sensor.x + 18, y: sensor.y }
    const before = await colourAt(page, land)
    await page.evaluate((which) => {
      const canvas = which === 'basemap' ? document.querySelector<HTMLCanvasElement>('.maplibregl-canvas')! : [...document.querySelectorAll('canvas')].find((one) => !one.classList.contains('maplibregl-canvas'))!
      const lose = canvas.getContext('webgl2')!.getExtension('WEBGL_lose_context')!
      lose.loseContext()
      // A real loss of the GPU restores contexts by itself; the extension must be told to.
      if (which === 'basemap') setTimeout(() => lose.restoreContext(), 300)
    }, which)
    await expect.poll(() => page.evaluate(() => window.lab.problems.join(' '))).toMatch(/lost/)
    await expect.poll(() => colourAt(page, sensor), { timeout: 15_000 }).toMatch(classColour)
    await expect.poll(() => colourAt(page, land), { timeout: 15_000 }).toBe(before)
    await expect.poll(() => page.evaluate(({ x, y }) => window.lab.host.pickAt(x, y)?.index, sensor)).toBe(sensor.row)
    // And new frames arrive.
    await page.evaluate(() => {
      window.lab.empty = true
      window.lab.draw()
    })
    await expect.poll(() => colourAt(page, sensor)).not.toMatch(classColour)
    expect(await page.evaluate(() => window.lab.unavailable)).toEqual([])
  })
}

test('contexts that are lost again and again come back with the same picture, and it is said while one is away', async ({ page }) => {
  await open(page, 'zoom=12.6&rows=2000&ghosts')
  // Its words fold away by themselves after a while: that is no change of the picture.
  await page.addStyleTag({ content: '.belvedere-attribution { visibility: hidden }' })
  const map = page.locator('#map')
  const settled = async (): Promise<Buffer> => {
    let picture = await map.screenshot()
    await expect(async () => {
      const next = await map.screenshot()
      const changed = await changedPixels(page, picture, next)
      picture = next
      expect(changed).toBe(0)
    }).toPass()
    return picture
  }
  const before = await settled()
  for (let round = 0; round < 3; round++) {
    const told = await page.evaluate(() => window.lab.healing.length)
    await page.evaluate(() => {
      for (const canvas of document.querySelectorAll('canvas')) {
        const lose = canvas.getContext('webgl2')!.getExtension('WEBGL_lose_context')!
        lose.loseContext()
        setTimeout(() => lose.restoreContext(), 200)
      }
    })
    await expect.poll(() => page.evaluate((told) => window.lab.healing.slice(told), told)).toContain('map and data')
    await expect.poll(() => page.evaluate(() => window.lab.healing.at(-1) ?? 'nothing lost')).toBe('nothing lost')
    // Names are placed a little after the map is back.
    await expect.poll(async () => changedPixels(page, before, await map.screenshot())).toBe(0)
  }
  expect(await page.evaluate(() => window.lab.unavailable)).toEqual([])
})

test('frames are drawn by writing what changed: no buffer is made, none is left behind', async ({ page }) => {
  await page.addInitScript(() => {
    const alive = new Set<WebGLBuffer>()
    const counts = { written: 0, alive: () => alive.size }
    const { createBuffer, deleteBuffer, bufferData, bufferSubData } = WebGL2RenderingContext.prototype
    Object.assign(WebGL2RenderingContext.prototype, {
      createBuffer(this: WebGL2RenderingContext) {
        const buffer = createBuffer.call(this)
        alive.add(buffer)
        return buffer
      },
      deleteBuffer(this: WebGL2RenderingContext, buffer: WebGLBuffer) {
        alive.delete(buffer)
        deleteBuffer.call(this, buffer)
      },
      bufferData(this: WebGL2RenderingContext, ...rest: unknown[]) {
        const [, data] = rest
        counts.written += ArrayBuffer.isView(data) ? data.byteLength : 0
        Reflect.apply(bufferData, this, rest)
      },
      bufferSubData(this: WebGL2RenderingContext, ...rest: unknown[]) {
        const [, , data] = rest
        counts.written += ArrayBuffer.isView(data) ? data.byteLength : 0
        Reflect.apply(bufferSubData, this, rest)
      },
    })
    Object.assign(window, { counts })
  })
  const counted = (): Promise<{ written: number; alive: number }> =>
    page.evaluate(() => {
      // What the script above has put there.
      const { counts } = window as unknown as { counts: { written: number; alive(): number } }
      const { written } = counts
      counts.written = 0
      return { written, alive: counts.alive() }
    })
  const drawn = (): Promise<unknown> => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
  await open(page, 'zoom=14&rows=50000')
  // The ground and its names come in their own time, and with buffers of their own.
  let alive = -1
  await expect
    .poll(async () => {
      const before = alive
      await page.waitForTimeout(500)
      alive = (await counted()).alive
      return alive === before
    })
    .toBe(true)

  await page.evaluate(() => {
    const values = window.lab.frame.values.slice()
    for (let row = 100; row < 110; row++) values[row] = 70
    window.lab.frame = { ...window.lab.frame, values }
    window.lab.draw()
  })
  await drawn()
  const after = await counted()
  // Ten rows of four bytes and uniforms; all colours would be 200,000 bytes.
  expect(after.written).toBeGreaterThan(0)
  expect(after.written).toBeLessThan(20_000)
  expect(after.alive).toBe(alive)

  for (let round = 0; round < 5; round++) {
    for (const empty of [true, false]) {
      await page.evaluate((empty) => {
        window.lab.empty = empty
        window.lab.draw()
      }, empty)
      await drawn()
    }
  }
  expect((await counted()).alive).toBe(alive)
})

test('cells of another size come without a flash', async ({ page }) => {
  await open(page, 'zoom=11&rows=3000&motion')
  const at = await page.evaluate(() => window.lab.host.project([-8.611, 41.1496])!)
  const clip = { x: at.x - 40, y: at.y - 40, width: 80, height: 80 }
  const shot = (): Promise<Buffer> => page.screenshot({ clip })
  await page.evaluate(() => {
    window.lab.empty = true
    window.lab.draw()
  })
  const ground = await shot()
  await page.evaluate(() => {
    window.lab.empty = false
    window.lab.draw()
  })
  const covered = async (): Promise<number> => changedPixels(page, ground, await shot())
  // Of 6,400 pixels; joints between the tiles are left over.
  await expect.poll(covered).toBeGreaterThan(4_000)
  // Frame by frame: while the new cells come, the middle of the city is never without.
  await page.evaluate(() => window.lab.setCells(1_000))
  for (let look = 0; look < 5; look++) expect(await covered()).toBeGreaterThan(4_000)
})

test('from far to near, cells give way to sensors step by step', async ({ page }) => {
  await open(page, 'zoom=9&rows=300&motion')
  const shares = await page.evaluate(() => {
    const seen: { cells: number; sensors: number }[] = []
    for (let zoom = 9; zoom <= 14; zoom += 0.05) {
      window.lab.host.jumpTo({ centre: [-8.611, 41.1496], zoom })
      // As the page does: coarser cells where the finest could not be seen.
      const radiusM = zoom < 9.8 ? 2_000 : zoom < 10.8 ? 1_000 : 500
      if (window.lab.frame.cells.radiusM !== radiusM) window.lab.setCells(radiusM)
      else window.lab.draw()
      seen.push(window.lab.shares())
    }
    return seen
  })
  expect(shares.at(0)).toEqual({ cells: expect.closeTo(1), sensors: 0 })
  expect(shares.at(-1)).toEqual({ cells: 0, sensors: expect.closeTo(1) })
  for (const [step, { cells, sensors }] of shares.entries()) {
    if (step === 0) continue
    expect(sensors - shares[step - 1]!.sensors).toBeGreaterThanOrEqual(0)
    expect(sensors - shares[step - 1]!.sensors).toBeLessThan(0.15)
    expect(cells + sensors).toBeGreaterThan(0.9)
  }
})

test('without WebGL the page is told once and nothing breaks', async ({ page }) => {
  await page.addInitScript(() => {
    const original = HTMLCanvasElement.prototype.getContext
    HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...rest: unknown[]) {
      return /webgl/.test(kind) ? null : Reflect.apply(original, this, [kind, ...rest])
    } as typeof original
  })
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  await page.goto(`${origin}/map-lab.html`)
  await expect.poll(() => page.evaluate(() => window.lab?.unavailable.length)).toBe(1)
  expect(await page.evaluate(() => window.lab.unavailable[0])).toMatch(/WebGL/)
  await page.evaluate(() => window.lab.setTheme('night'))
  expect(await page.evaluate(() => ({ available: window.lab.host.available, camera: window.lab.host.camera() }))).toEqual({ available: false })
  expect(errors).toEqual([])
})
