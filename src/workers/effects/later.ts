/** Another turn of the event loop, soon: a timer of no time would wait 4 ms after its fifth turn (WHATWG HTML, timers). */
export function createLater(): (run: () => void) => void {
  const { port1, port2 } = new MessageChannel()
  const runs: (() => void)[] = []
  port1.addEventListener('message', () => runs.shift()?.())
  port1.start()
  return (run) => {
    runs.push(run)
    port2.postMessage(undefined)
  }
}
