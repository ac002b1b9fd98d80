/** An alarm on the screen: told first, answered under a name, shelved, and written down. */
import { seriousInBoth, sentence } from './monitor-page.ts'
import { expect, test } from './shared-server.ts'

test('an alarm is told first, answered by keyboard under a name, shelved, and written down', async ({ page, server }) => {
  await page.goto(`${server.url}/city/helsinki`)
  // Its rule, of the shared server, is met by any sensor; the server looks every ten seconds.
  await expect(page.getByText(/Call the test desk\. Not acknowledged\./)).toBeVisible({ timeout: 40_000 })
  await expect(sentence(page)).toContainText(/above 1\sdB\(A\)/)
  const strip = await seriousInBoth(page)

  // Nobody is known by name yet: the key opens the pane, which asks for one.
  await page.keyboard.press('a')
  const pane = page.getByRole('dialog', { name: 'Incidents of Helsinki' })
  await expect(pane).toBeVisible()
  await pane.getByRole('button', { name: 'Acknowledge' }).first().press('Enter')
  await expect(pane.getByRole('alert')).toContainText('Type your name first')
  await expect(pane.getByLabel(/^Your name/)).toBeFocused()
  await page.keyboard.type('<b>Ana</b>')
  await pane.getByRole('button', { name: 'Acknowledge' }).first().press('Enter')
  await expect(pane.getByRole('list').last()).toContainText('acknowledged by <b>Ana</b>')
  expect([...strip, ...(await seriousInBoth(page))]).toEqual([])

  await pane.getByRole('button', { name: '4 h', exact: true }).first().press('Enter')
  await expect(pane.getByRole('list').last()).toContainText('shelved by <b>Ana</b>')
  await page.keyboard.press('Escape')
  await expect(pane).toBeHidden()
  await expect(page.getByRole('button', { name: /1 shelved/ })).toBeVisible()

  await page.getByRole('link', { name: 'Health', exact: true }).click()
  await expect(page.getByText(/Alarms 1 in 24 h of 150 budget/)).toBeVisible()
})
