/** The line breaks: the page says so, keeps what it had, and comes back by itself. */
import { Line } from '../line.ts'
import { startServer } from './server.ts'
import { expect, test } from './shared-server.ts'

test('a restarted server heals without a reload', async ({ page }) => {
  // With the configuration as it is shipped.
  const server = await startServer()
  try {
    const sentence = page.getByRole('region', { name: 'Summary' }).getByRole('paragraph').first()
    await page.goto(`${server.url}/city/porto`)
    await expect(sentence).toContainText(/(\d+) of \1 layers report/)
    await page.evaluate(() => ((globalThis as { marker?: string }).marker = 'the same page'))

    await server.stop()
    await expect(page.getByRole('banner')).toContainText(/retrying/i)
    await expect(sentence).toContainText(/No connection|last values/)
    // What was known stays on the screen.
    await expect(page.getByRole('region', { name: 'Layers' })).toContainText(/dB\(A\)/)

    await server.start()
    const backAt = Date.now()
    await expect(page.getByRole('banner')).toContainText('live', { timeout: 60_000 })
    test.info().annotations.push({ type: 'healed after', description: `${Date.now() - backAt} ms` })
    await expect(sentence).toContainText(/(\d+) of \1 layers report/)
    expect(await page.evaluate(() => (globalThis as { marker?: string }).marker)).toBe('the same page')
  } finally {
    await server.stop()
  }
})

test('a page whose network goes, or whose worker dies, says so, keeps what it had, and comes back by itself', async ({ page, server }) => {
  const line = await Line.to(Number(new URL(server.url).port))
  try {
    await page.goto(`${line.url}/city/porto`)
    const sentence = page.getByRole('region', { name: 'Summary' }).getByRole('paragraph').first()
    await expect(sentence).toContainText(/(\d+) of \1 layers report/)
    await page.evaluate(() => ((globalThis as { marker?: string }).marker = 'the same page'))
    line.cut()
    await expect(page.getByRole('banner')).toContainText(/retrying/i)
    await expect(page.getByRole('region', { name: 'Layers' })).toContainText(/dB\(A\)/)
    line.mend()
    await expect(page.getByRole('banner')).toContainText('live', { timeout: 40_000 })
    await expect(sentence).toContainText(/(\d+) of \1 layers report/)
    expect(await page.evaluate(() => (globalThis as { marker?: string }).marker)).toBe('the same page')

    await test.step('a worker that dies is started again, and the page says so', async () => {
      const worker = page.workers().find((one) => one.url().includes('city.worker'))!
      // An error nobody catches ends what a worker was doing, as a bug of ours would.
      await worker.evaluate(() => void setTimeout(() => { throw new Error('made to fail') }))
      await expect.poll(() => page.workers().find((one) => one.url().includes('city.worker')) ?? worker).not.toBe(worker)
      await expect(page.getByRole('banner')).toContainText('live', { timeout: 30_000 })
      await expect(sentence).toContainText(/(\d+) of \1 layers report/)
      expect(page.workers().filter((one) => one.url().includes('city.worker'))).toHaveLength(1)
    })
  } finally {
    await line.close()
  }
})

test('a server that is away when the page opens is waited for', async ({ page, server }) => {
  await page.route('**/api/config', (route) => route.abort())
  await page.goto(`${server.url}/`)
  await expect(page.getByRole('button', { name: /again|retry/i })).toBeVisible()
  await page.unroute('**/api/config')
  await page.getByRole('button', { name: /again|retry/i }).click()
  await expect(page.getByRole('region', { name: 'Summary' })).toContainText('layers report')
})
