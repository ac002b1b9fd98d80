/** Reads screenshots in the browser itself: no image library is needed. */
import type { Page } from '@playwright/test'

/** Pixels whose colour differs visibly (by more than 24 of 255 in any channel). */
export function changedPixels(page: Page, before: Buffer, after: Buffer): Promise<number> {
  return page.evaluate(
    async ([one, two]) => {
      const read = async (base64: string): Promise<ImageData> => {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
        const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
        const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!
        context.drawImage(bitmap, 0, 0)
        return context.getImageData(0, 0, bitmap.width, bitmap.height)
      }
      const [a, b] = await Promise.all([read(one), read(two)])
      if (a.width !== b.width || a.height !== b.height) return Number.POSITIVE_INFINITY
      let changed = 0
      for (let i = 0; i < a.data.length; i += 4) {
        if (Math.max(Math.abs(a.data[i]! - b.data[i]!), Math.abs(a.data[i + 1]! - b.data[i + 1]!), Math.abs(a.data[i + 2]! - b.data[i + 2]!)) > 24) changed++
      }
      return changed
    },
    [before.toString('base64'), after.toString('base64')] as const,
  )
}
