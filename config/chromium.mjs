/**
 * Finds a Chromium or Chrome for the browser tests: `CHROME_PATH`, else an installed one, else
 * Debian's package. Playwright's own download is not used: many cities' networks do not allow it.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome', 'microsoft-edge']
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** Path of a browser that is installed, or undefined. */
export function installedChromium() {
  const given = process.env['CHROME_PATH']
  if (given) return given
  const onPath = NAMES.flatMap((name) => (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name)))
  return [...onPath, ...PLACES].find(isExecutable)
}

/** `installedChromium`, after installing Debian's package when there is none and we may. */
export function ensureChromium() {
  const found = installedChromium()
  if (found) return found
  if (process.platform === 'linux' && process.getuid?.() === 0 && isExecutable('/usr/bin/apt-get')) {
    console.error('no Chromium found: installing the package "chromium" …')
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env })
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { stdio: ['ignore', 'ignore', 'inherit'], env })
    const installed = installedChromium()
    if (installed) return installed
  }
  throw new Error('no Chromium or Chrome found: install one (Debian: apt-get install chromium), or set CHROME_PATH to it')
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false // not there, or not ours to run: either way not a browser for us
  }
}
