/** The ways in which a view leaves the page: link, files, print and citation behind one button, where room is short. */
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { say } from '../../language/say.ts'
import controls from '../../ui/controls.module.css'
import { useOverlay } from '../overlay.ts'
import { configurationQuery } from '../queries.ts'
import { useServices } from '../services.ts'
import { PrintReport, type PrintReportProps } from './print-report.tsx'

const SaveDialog = lazy(() => import('./save-dialog.tsx'))
const CiteDialog = lazy(() => import('./cite-dialog.tsx'))

export default function WaysOut(props: Omit<PrintReportProps, 'version'>) {
  const services = useServices()
  const { data } = useQuery(configurationQuery(services))
  const version = data?.version ?? ''
  const open = useOverlay((overlay) => overlay.open)
  const show = useOverlay((overlay) => overlay.show)
  return (
    <>
      <button type="button" className={controls.button} title={say({ id: 'out.waysTitle', defaultMessage: 'Link, picture, data files, printed report, citation' })} onClick={() => show('save')}>
        {say({ id: 'out.ways', defaultMessage: 'Share…' })}
      </button>
      <Suspense fallback={null}>
        {open === 'save' && <SaveDialog {...props} version={version} />}
        {open === 'cite' && <CiteDialog {...props} version={version} />}
      </Suspense>
      <PrintReport {...props} version={version} />
    </>
  )
}
