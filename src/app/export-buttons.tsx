/** The shown layer at the shown time as a file. What writes the file is loaded when it is asked for. */
import { useState } from 'react'
import type { FileFormat, LayerFile } from '../export/layer-file.ts'
import { say } from '../language/say.ts'
import controls from '../ui/controls.module.css'
import { explainInput, type Explained } from './explain-input.ts'
import styles from './export-buttons.module.css'
import { useNow } from './live-hooks.ts'
import { useServices } from './services.ts'
import { englishView } from './spoken-view.ts'

const FORMATS: readonly (readonly [format: FileFormat, name: string])[] = [
  ['csv', 'CSV'],
  ['geojson', 'GeoJSON'],
]

export function ExportButtons({ plan, view, atMs }: Pick<Explained, 'plan' | 'view' | 'atMs'>) {
  const { live } = useServices()
  const nowMs = useNow(atMs)
  const [said, setSaid] = useState({ text: '', isTrouble: false })
  const { id, name } = view.model

  async function save(format: FileFormat): Promise<void> {
    const { layerFile } = await import('../export/layer-file.ts')
    // Asked for after the program has come: a frame's buffers are not ours to keep while we wait.
    const layer = live.layer(id)
    if (layer === undefined) throw new Error(say({ id: 'export.noValues', defaultMessage: 'there are no values yet' }))
    const { subject: _, ...input } = explainInput({ plan, view: englishView(view), layer, nowMs, atMs, subject: { kind: 'city' } })
    const file = layerFile(format, input, { cityId: plan.id, domain: id, licence: plan.licence, attribution: plan.attribution })
    download(file)
    setSaid({ text: say({ id: 'export.saved', defaultMessage: 'Saved as {file}' }, { file: file.name }), isTrouble: false })
  }

  return (
    <fieldset className={styles.export} aria-label={say({ id: 'export.label', defaultMessage: 'Save all sensors: {layer}' }, { layer: name })}>
      <output className={said.isTrouble ? styles.trouble : controls.heard}>{said.text}</output>
      {FORMATS.map(([format, formatName]) => (
        <button
          key={format}
          type="button"
          className={`${controls.button} ${controls.quiet}`}
          aria-label={say({ id: 'export.saveAs', defaultMessage: 'Save as {format}' }, { format: formatName })}
          title={say({ id: 'export.title', defaultMessage: '{layer}: save all sensors as {format}, at the time shown' }, { layer: name, format: formatName })}
          onClick={() => void save(format).catch((cause: unknown) => setSaid({ text: say({ id: 'export.notSaved', defaultMessage: 'Not saved: {reason}' }, { reason: cause instanceof Error ? cause.message : String(cause) }), isTrouble: true }))}
        >
          <svg viewBox="0 0 12 12" aria-hidden="true">
            <path d="M6 1v6.5M3.25 5 6 7.75 8.75 5M1.5 10.5h9" fill="none" stroke="currentColor" strokeWidth="1.25" />
          </svg>
          {formatName}
        </button>
      ))}
    </fieldset>
  )
}

function download({ name, mediaType, text }: LayerFile): void {
  const url = URL.createObjectURL(new Blob([text], { type: mediaType }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has taken hold of the file by the next turn of its loop.
  setTimeout(() => URL.revokeObjectURL(url), 0)
}
