/** The ways in which a view leaves the page: as link, file, print and citation; at the foot of the legend. */
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { say } from '../../language/say.ts'
import controls from '../../ui/controls.module.css'
import { CopyButton } from '../../ui/copy-button.tsx'
import { useOverlay } from '../overlay.ts'
import { configurationQuery } from '../queries.ts'
import { useServices } from '../services.ts'
import styles from './out.module.css'
import { PrintReport, type PrintReportProps } from './print-report.tsx'

const SaveDialog = lazy(() => import('./save-dialog.tsx'))
const CiteDialog = lazy(() => import('./cite-dialog.tsx'))

export default function WaysOut(props: Omit<PrintReportProps, 'version'>) {
  const services = useServices()
  const { data } = useQuery(configurationQuery(services))
  const version = data?.version ?? ''
  const open = useOverlay((overlay) => overlay.open)
  const show = useOverlay((overlay) => overlay.show)
  const quiet = `${controls.button} ${controls.quiet}`
  return (
    <>
      {/* The link of the moment: what is looked at is still live for whoever opens it. */}
      <CopyButton text={() => location.href} label={say({ id: 'out.copyLink', defaultMessage: 'Copy link' })} />
      <button type="button" className={quiet} onClick={() => show('save')}>
        {say({ id: 'out.save', defaultMessage: 'Save…' })}
      </button>
      <button type="button" className={quiet} onClick={() => globalThis.print()} title={say({ id: 'out.printTitle', defaultMessage: 'A report on A4: sentence, map, layers, what is unusual, sources' })}>
        {say({ id: 'out.print', defaultMessage: 'Print report' })}
      </button>
      <button type="button" className={quiet} onClick={() => show('cite')}>
        {say({ id: 'out.cite', defaultMessage: 'Cite…' })}
      </button>
      <span className={styles.dialogs}>
        <Suspense fallback={null}>
          {open === 'save' && <SaveDialog {...props} version={version} />}
          {open === 'cite' && <CiteDialog {...props} version={version} />}
        </Suspense>
        <PrintReport {...props} version={version} />
      </span>
    </>
  )
}
