/**
 * The way between a page and its server: TCP that is cut, or that stays open while nothing passes, as it does for a
 * laptop asleep or behind a gateway that has forgotten the connection.
 */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

export class Line {
  readonly port: number
  private readonly server: Server
  private readonly pairs = new Set<readonly [Socket, Socket]>()
  /** What was opened while the line was dead, for its end. */
  private readonly waiting = new Set<Socket>()
  private isCut = false
  private isDead = false

  private constructor(server: Server) {
    this.server = server
    this.port = (server.address() as AddressInfo).port
  }

  static async to(port: number): Promise<Line> {
    // Half open on purpose: what one side ends, `pipe` ends on the other.
    const server = createServer({ allowHalfOpen: true })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const line = new Line(server)
    server.on('connection', (near) => line.join(near, port))
    return line
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** What is open stays open, and nothing passes any more. What is opened later passes, unless the line is dead until `mend`. */
  freeze({ isDead = false } = {}): void {
    this.isDead = isDead
    for (const [near, far] of this.pairs) {
      near.unpipe(far).pause()
      far.unpipe(near).pause()
    }
  }

  /** The network is gone: what is open breaks, and nothing can be opened. */
  cut(): void {
    this.isCut = true
    this.breakAll()
  }

  /** From now on what is opened passes; what was frozen stays so. */
  mend(): void {
    this.isCut = false
    this.isDead = false
  }

  async close(): Promise<void> {
    this.breakAll()
    await new Promise((resolve) => this.server.close(resolve))
  }

  private breakAll(): void {
    for (const socket of this.waiting) socket.destroy()
    for (const pair of this.pairs) for (const socket of pair) socket.destroy()
  }

  private join(near: Socket, port: number): void {
    if (this.isCut) return void near.resetAndDestroy()
    if (this.isDead) {
      this.waiting.add(near.pause().on('error', () => undefined))
      return void near.once('close', () => this.waiting.delete(near))
    }
    const far = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    const pair = [near, far] as const
    this.pairs.add(pair)
    for (const [one, other] of [pair, [far, near] as const]) {
      one.pipe(other)
      // A broken side breaks the other: an error is followed by `close`.
      one.on('error', () => undefined)
      one.once('close', () => {
        other.destroy()
        this.pairs.delete(pair)
      })
    }
  }
}
