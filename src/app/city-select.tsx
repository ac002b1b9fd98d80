/** The city that is shown, and the way to another. */
import { Button } from 'react-aria-components/Button'
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import { Popover } from 'react-aria-components/Popover'
import { Select, SelectValue } from 'react-aria-components/Select'
import { say } from '../language/say.ts'
import styles from './header.module.css'
import type { HeaderProps } from './header.tsx'

export default function CitySelect({ cities, plan, onCity }: Pick<HeaderProps, 'cities' | 'plan' | 'onCity'>) {
  return (
    <Select
      aria-label={say({ id: 'header.city', defaultMessage: 'City' })}
      className={styles.city ?? ''}
      value={plan.id}
      onChange={(key) => {
        if (typeof key === 'string' && key !== plan.id) onCity(key)
      }}
    >
      <Button className={styles.cityButton ?? ''}>
        <SelectValue>{plan.name}</SelectValue>
        <svg viewBox="0 0 12 12" aria-hidden="true">
          <path d="m2.5 4.5 3.5 3.5 3.5-3.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
        </svg>
      </Button>
      <Popover className={styles.popover ?? ''} placement="bottom start">
        <ListBox className={styles.options ?? ''} items={cities}>
          {({ id, name, country, layers }) => (
            <ListBoxItem id={id} textValue={name} className={styles.option ?? ''}>
              <span>{name}</span>
              <span className={styles.optionNote}>
                {country} · {say({ id: 'header.layers', defaultMessage: '{count, plural, one {# layer} other {# layers}}' }, { count: layers.length })}
              </span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  )
}
