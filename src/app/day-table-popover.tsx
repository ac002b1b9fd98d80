/** The table of the 24 hours, in a popover over its button. */
import type { RefObject } from 'react'
import { Dialog } from 'react-aria-components/Dialog'
import { Popover } from 'react-aria-components/Popover'
import { DayTable, type DayTableProps } from './day-table.tsx'
import styles from './timeline.module.css'

export interface DayTablePopoverProps extends DayTableProps {
  readonly button: RefObject<HTMLButtonElement | null>
  onClose(): void
}

export default function DayTablePopover({ button, onClose, ...table }: DayTablePopoverProps) {
  return (
    <Popover
      className={styles.popover ?? ''}
      placement="top end"
      triggerRef={button}
      isOpen
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose()
      }}
    >
      <Dialog className={styles.dialog ?? ''} aria-label={table.caption}>
        <DayTable {...table} />
      </Dialog>
    </Popover>
  )
}
