/** The ways in which the shown layer leaves the page, each with what it is for. */
import { useEffect, useRef, useState } from 'react'
import type { CityPlan } from '../../configuration/city-plan.ts'
import type { DomainView, Theme } from '../../domains/domain-view.ts'
import { fileNameOf } from '../../export/file-name.ts'
import { say } from '../../language/say.ts'
import controls from '../../ui/controls.module.css'
import { CopyButton } from '../../ui/copy-button.tsx'
import { formatNumber } from '../../ui/words/number.ts'
import dialog from '../dialogs/dialog.module.css'
import { PageDialog } from '../dialogs/page-dialog.tsx'
import { useNow } from '../live-hooks.ts'
import { useOverlay } from '../overlay.ts'
import { saveLayer } from '../save-layer.ts'
import { tooFewRowsOf } from '../sensor-list.ts'
import { useServices } from '../services.ts'
import { useStage } from '../stage.ts'
import { collectEntities, ngsiLdText, type Collected } from './collect-entities.ts'
import { download } from './download.ts'
import { mapImageOf, pngOf } from './map-image.ts'
import styles from './out.module.css'

export interface SaveDialogProps {
  readonly plan: CityPlan
  readonly view: DomainView
  readonly theme: Theme
  readonly atMs: number | undefined
  readonly version: string
}

type Format = 'png' | 'csv' | 'geojson' | 'ngsi-ld'

const FORMATS: readonly Format[] = ['png', 'csv', 'geojson', 'ngsi-ld']

interface Said {
  readonly text: string
  readonly isTrouble: boolean
}

export default function SaveDialog({ plan, view, theme, atMs, version }: SaveDialogProps) {
  const { live } = useServices()
  const nowMs = useNow(atMs)
  const stage = useStage((state) => state.stage)
  const show = useOverlay((overlay) => overlay.show)
  const [said, setSaid] = useState<Said | undefined>(undefined)
  const [progress, setProgress] = useState<{ readonly read: number; readonly of: number } | undefined>(undefined)
  const isStopped = useRef(false)
  // Who closes the dialog does not want the rest.
  useEffect(() => {
    isStopped.current = false
    return () => {
      isStopped.current = true
    }
  }, [])
  const { id } = view.model
  const name = (extension: string, ms: number): string => fileNameOf({ cityId: plan.id, domain: id, atMs: ms, extension })

  async function savePng(): Promise<string> {
    const layer = live.layer(id)
    if (layer === undefined) throw new Error(noValues())
    const ms = layer.frame.atMs
    const image = mapImageOf(stage, { plan, view, layer, version, address: location.href }, { theme, paper: theme })
    const blob = image && (await pngOf(image))
    if (blob === undefined) throw new Error(say({ id: 'out.noMap', defaultMessage: 'there is no map to make a picture of' }))
    const file = name('png', ms)
    download(file, blob)
    return savedWords(file)
  }

  async function saveEntities(): Promise<string | undefined> {
    const layer = live.layer(id)
    if (layer === undefined) throw new Error(noValues())
    const tooFew = new Set(tooFewRowsOf(layer.roster))
    const ids = layer.roster.ids.filter((_, row) => row < layer.frame.count && !tooFew.has(row))
    isStopped.current = false
    try {
      const collected = await collectEntities(id, ids, { ask: live.ask, onProgress: (read, of) => setProgress({ read, of }), isStopped: () => isStopped.current })
      if (collected === undefined) return undefined
      const file = name('jsonld', Date.now())
      download(file, new Blob([ngsiLdText(collected.entities)], { type: 'application/ld+json' }))
      return [savedWords(file), ...collectedWords(collected, ids.length)].join('\n')
    } finally {
      setProgress(undefined)
    }
  }

  async function save(format: Format): Promise<void> {
    setSaid(undefined)
    const text = format === 'png' ? await savePng() : format === 'ngsi-ld' ? await saveEntities() : savedWords(await saveLayer(format, { live, plan, view, atMs, nowMs }))
    if (text !== undefined) setSaid({ text, isTrouble: false })
  }

  // The dialog is gone first: while it is open the page behind it answers nothing.
  const printReport = (): void => {
    show(undefined)
    requestAnimationFrame(() => requestAnimationFrame(() => globalThis.print()))
  }

  return (
    <PageDialog title={say({ id: 'out.shareTitle', defaultMessage: 'Share: {layer}' }, { layer: view.model.name })}>
      <div className={dialog.body}>
        <ul className={styles.files}>
          <li className={styles.file}>
            <CopyButton text={() => location.href} label={say({ id: 'out.link', defaultMessage: 'Link' })} />
            <span className={styles.what}>{say({ id: 'out.linkWhat', defaultMessage: 'To what is shown: place, layer, time, list. Without a time it shows now, whenever it is opened.' })}</span>
          </li>
          <li className={styles.file}>
            <button type="button" className={controls.button} onClick={() => show('cite')}>
              {say({ id: 'out.cite', defaultMessage: 'Cite…' })}
            </button>
            <span className={styles.what}>{say({ id: 'out.citeWhat', defaultMessage: 'Sources, licence and a link that holds the time.' })}</span>
          </li>
          <li className={styles.file}>
            <button type="button" className={controls.button} onClick={printReport}>
              {say({ id: 'out.print', defaultMessage: 'Print…' })}
            </button>
            <span className={styles.what}>{say({ id: 'out.printWhat', defaultMessage: 'A report on A4: sentence, map, layers, what is unusual, sources.' })}</span>
          </li>
          {FORMATS.map((format) => (
            <li key={format} className={styles.file}>
              {/* Not disabled while it reads: the focus would be lost, and Esc with it. */}
              <button type="button" className={controls.button} aria-disabled={progress !== undefined} disabled={format === 'png' && stage === undefined} onClick={() => progress === undefined && void save(format).catch((cause: unknown) => setSaid({ text: failedWords(cause), isTrouble: true }))}>
                {formatName(format)}
              </button>
              <span className={styles.what}>{formatWords(format, atMs !== undefined)}</span>
            </li>
          ))}
        </ul>
        {progress !== undefined && (
          <p className={styles.progress}>
            <progress value={progress.read} max={progress.of} aria-label={say({ id: 'out.progress', defaultMessage: 'Entities read' })} />
            <span>{say({ id: 'out.progressOf', defaultMessage: '{read} of {of, plural, one {# entity} other {# entities}}' }, { read: formatNumber(progress.read), of: progress.of })}</span>
            <button type="button" className={`${controls.button} ${controls.quiet}`} onClick={() => ((isStopped.current = true), setProgress(undefined))}>
              {say({ id: 'out.stop', defaultMessage: 'Stop' })}
            </button>
          </p>
        )}
        <output className={`${styles.said} ${said?.isTrouble ? dialog.refused : dialog.note}`}>{said?.text}</output>
      </div>
    </PageDialog>
  )
}

// The names of formats are the same in every language.
function formatName(format: Format): string {
  return { png: 'PNG', csv: 'CSV', geojson: 'GeoJSON', 'ngsi-ld': 'NGSI-LD' }[format]
}

function formatWords(format: Format, isHistory: boolean): string {
  switch (format) {
    case 'png':
      return say({ id: 'out.png', defaultMessage: 'The map as a picture, with title, legend, scale, time, sources and link in it.' })
    case 'csv':
      return say({ id: 'out.csv', defaultMessage: 'A table of all sensors at the time shown, for spreadsheets.' })
    case 'geojson':
      return say({ id: 'out.geojson', defaultMessage: 'The same with positions, for maps.' })
    case 'ngsi-ld':
      return isHistory
        ? say({ id: 'out.ngsiLdNow', defaultMessage: 'The original entities with their @context, as the brokers have them now: not of the time shown.' })
        : say({ id: 'out.ngsiLd', defaultMessage: 'The original entities with their @context, as the brokers have them now.' })
  }
}

function savedWords(file: string): string {
  return say({ id: 'export.saved', defaultMessage: 'Saved as {file}' }, { file })
}

function failedWords(cause: unknown): string {
  return say({ id: 'export.notSaved', defaultMessage: 'Not saved: {reason}' }, { reason: cause instanceof Error ? cause.message : String(cause) })
}

function noValues(): string {
  return say({ id: 'export.noValues', defaultMessage: 'there are no values yet' })
}

function collectedWords({ entities, isCut, withoutContext }: Collected, wanted: number): readonly string[] {
  return [
    isCut
      ? say({ id: 'out.cut', defaultMessage: 'It holds {count} entities; the layer has {of}: the rest was left out.' }, { count: formatNumber(entities.length), of: formatNumber(wanted) })
      : say({ id: 'out.holds', defaultMessage: 'It holds {count, plural, one {# entity} other {# entities}}.' }, { count: entities.length }),
    ...(withoutContext === 0 ? [] : [say({ id: 'out.withoutContext', defaultMessage: '{count, plural, one {# of them came without a @context.} other {# of them came without a @context.}}' }, { count: withoutContext })]),
  ]
}
