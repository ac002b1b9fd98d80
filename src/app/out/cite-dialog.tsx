/** How to cite what is shown: held at its instant, with sources, licence and the link that shows it again. */
import { useState } from 'react'
import { bibtexOf, citationOf } from '../../export/citation.ts'
import { inEnglish, say } from '../../language/say.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import dialog from '../dialogs/dialog.module.css'
import { PageDialog } from '../dialogs/page-dialog.tsx'
import { useServices } from '../services.ts'
import { englishView } from '../spoken-view.ts'
import styles from './out.module.css'
import type { SaveDialogProps } from './save-dialog.tsx'
import { citedOf } from './shown.ts'

export default function CiteDialog({ plan, view, version }: Pick<SaveDialogProps, 'plan' | 'view' | 'version'>) {
  const { live } = useServices()
  // What is cited stands still while it is read and copied.
  const [cited] = useState(() => {
    const layer = live.layer(view.model.id)
    if (layer === undefined) return undefined
    const shown = { plan, layer, version, address: location.href }
    return { text: citationOf(citedOf({ ...shown, view })), bibtex: inEnglish(() => bibtexOf(citedOf({ ...shown, view: englishView(view) }))) }
  })
  return (
    <PageDialog title={say({ id: 'cite.title', defaultMessage: 'Cite this view' })}>
      <div className={dialog.body}>
        {cited === undefined ? (
          <p>{say({ id: 'cite.nothing', defaultMessage: 'There are no values to cite yet.' })}</p>
        ) : (
          <>
            <p className={styles.citation}>{cited.text}</p>
            <p className={dialog.row}>
              <CopyButton text={() => cited.text} label={say({ id: 'cite.copy', defaultMessage: 'Copy' })} />
            </p>
            <h3>BibTeX</h3>
            <pre className={styles.bibtex}>{cited.bibtex}</pre>
            <p className={dialog.row}>
              <CopyButton text={() => cited.bibtex} label={say({ id: 'cite.copyBibtex', defaultMessage: 'Copy BibTeX' })} />
            </p>
            <p className={dialog.note}>{say({ id: 'cite.how', defaultMessage: 'The link holds the time: it reads the values again from the history of the broker, as far as the broker keeps it.' })}</p>
          </>
        )}
      </div>
    </PageDialog>
  )
}
