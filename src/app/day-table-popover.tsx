/** The table of the 24 hours, in a popover over its button. */
import type { RefObject } from 'react'
import { ButtonPopover } from '../ui/button-popover.tsx'
import { DayTable, type DayTableProps } from './day-table.tsx'

export interface DayTablePopoverProps extends DayTableProps {
  readonly button: RefObject<HTMLButtonElement | null>
  onClose(): void
}

export default function DayTablePopover({ button, onClose, ...table }: DayTablePopoverProps) {
  return (
    <ButtonPopover label={table.caption} placement="top end" widthRem={34} {...{ button, onClose }}>
      <DayTable {...table} />
    </ButtonPopover>
  )
}
