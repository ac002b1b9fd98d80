/** The shown layer at the shown time as a file. */
import { useState } from 'react'
import type { FileFormat } from '../export/layer-file.ts'
import { say } from '../language/say.ts'
import controls from '../ui/controls.module.css'
import type { Explained } from './explain-input.ts'
import styles from './export-buttons.module.css'
import { useNow } from './live-hooks.ts'
import { saveLayer } from './save-layer.ts'
import { useServices } from './services.ts'

const FORMATS: readonly (readonly [format: FileFormat, name: string])[] = [
  ['csv', 'CSV'],
  ['geojson', 'GeoJSON'],
]

export function ExportButtons({ plan, view, atMs }: Pick<Explained, 'plan' | 'view' | 'atMs'>) {
  const { live } = useServices()
  const nowMs = useNow(atMs)
  const [said, setSaid] = useState({ text: '', isTrouble: false })
  const { name } = view.model

  async function save(format: FileFormat): Promise<void> {
    const file = await saveLayer(format, { live, plan, view, atMs, nowMs })
    setSaid({ text: say({ id: 'export.saved', defaultMessage: 'Saved as {file}' }, { file }), isTrouble: false })
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
