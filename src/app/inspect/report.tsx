/** Tells whoever looks after the sensor what is wrong: by mail where there is an address, by copy in any case. */
import type { CityPlan } from '../../configuration/city-plan.ts'
import { say } from '../../language/say.ts'
import controls from '../../ui/controls.module.css'
import { CopyButton } from '../../ui/copy-button.tsx'
import styles from './inspect.module.css'
import { mailAddressIn, mailtoOf, reportOf, type ReportedSensor } from './problem-report.ts'

export function ReportProblem({ plan, sensor }: { readonly plan: CityPlan; readonly sensor: Omit<ReportedSensor, 'link'> }) {
  const { contact } = plan
  const address = mailAddressIn(contact)
  // The address of the page is read when it is used: ranges and comparisons belong to it.
  const report = () => reportOf({ ...sensor, link: location.href })
  return (
    <details className={styles.fold}>
      <summary>{say({ id: 'inspect.report', defaultMessage: 'Report a problem' })}</summary>
      <p>
        {contact === undefined
          ? say({ id: 'inspect.noContact', defaultMessage: 'The configuration of {city} names no contact. Copy the report and send it to whoever looks after the sensor.' }, { city: plan.name })
          : address === undefined
            ? say({ id: 'inspect.contactNoMail', defaultMessage: 'Contact: {contact}. It has no e-mail address: copy the report.' }, { contact })
            : say({ id: 'inspect.contact', defaultMessage: 'Contact: {contact}' }, { contact })}
      </p>
      <p className={styles.buttons}>
        {address !== undefined && (
          <a
            className={controls.button}
            href={mailtoOf(address, report())}
            onClick={({ currentTarget }) => {
              currentTarget.href = mailtoOf(address, report())
            }}
          >
            {say({ id: 'inspect.reportMail', defaultMessage: 'Write an e-mail' })}
          </a>
        )}
        <CopyButton text={() => `${report().subject}\n\n${report().body}`} label={say({ id: 'inspect.reportCopy', defaultMessage: 'Copy the report' })} />
      </p>
      <pre className={styles.preview}>{report().body.trim()}</pre>
    </details>
  )
}
