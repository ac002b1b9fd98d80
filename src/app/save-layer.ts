/** A layer at the time shown, as a file of this machine. What writes the file is loaded when it is asked for. */
import type { FileFormat } from '../export/layer-file.ts'
import { say } from '../language/say.ts'
import { explainInput, type Explained } from './explain-input.ts'
import type { LiveStore } from './live-store.ts'
import { download } from './out/download.ts'
import { englishView } from './spoken-view.ts'

export interface SavedLayer extends Pick<Explained, 'plan' | 'view' | 'atMs'> {
  readonly live: LiveStore
  readonly nowMs: number
}

/** The name of the file. */
export async function saveLayer(format: FileFormat, { live, plan, view, atMs, nowMs }: SavedLayer): Promise<string> {
  const { layerFile } = await import('../export/layer-file.ts')
  const { id } = view.model
  // Asked for after the program has come: a frame's buffers are not ours to keep while we wait.
  const layer = live.layer(id)
  if (layer === undefined) throw new Error(say({ id: 'export.noValues', defaultMessage: 'there are no values yet' }))
  const { subject: _, ...input } = explainInput({ plan, view: englishView(view), layer, nowMs, atMs, subject: { kind: 'city' } })
  const file = layerFile(format, input, { cityId: plan.id, domain: id, licence: plan.licence, attribution: plan.attribution })
  download(file.name, new Blob([file.text], { type: file.mediaType }))
  return file.name
}
