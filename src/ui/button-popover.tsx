/** What a button opens over the page, as high as it may be: what is longer scrolls inside. Escape and a press elsewhere close it. */
import type { ReactNode, RefObject } from 'react'
import { Dialog } from 'react-aria-components/Dialog'
import { Popover } from 'react-aria-components/Popover'
import styles from './button-popover.module.css'

export interface ButtonPopoverProps {
  readonly label: string
  readonly button: RefObject<HTMLButtonElement | null>
  readonly placement: 'top end' | 'bottom end'
  /** In rem; never wider than the window. */
  readonly widthRem: number
  readonly children: ReactNode
  onClose(): void
}

export function ButtonPopover({ label, button, placement, widthRem, children, onClose }: ButtonPopoverProps) {
  return (
    <Popover
      className={styles.popover ?? ''}
      style={{ width: `min(${widthRem}rem, calc(100vw - 1rem))` }}
      placement={placement}
      triggerRef={button}
      isOpen
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose()
      }}
    >
      <Dialog className={styles.dialog ?? ''} aria-label={label}>
        {children}
      </Dialog>
    </Popover>
  )
}
