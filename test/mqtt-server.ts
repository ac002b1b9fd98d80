/** MQTT servers for tests, with a port for brokers (TCP) and one for pages (WebSocket): aedes in this process, or a real Mosquitto. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { connect as connectTcp, createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Aedes } from 'aedes'
import { createWebSocketStream, WebSocketServer } from 'ws'

export interface MqttServer {
  readonly tcpPort: number
  readonly wsPort: number
  /** On the same ports again, with nothing remembered. */
  up(): Promise<void>
  down(): Promise<void>
}

/** Speaks 3.1.1 only. */
export async function startAedes(): Promise<MqttServer> {
  const [tcpPort, wsPort] = await freePorts()
  let stop: (() => Promise<void>) | undefined
  const server: MqttServer = {
    tcpPort,
    wsPort,
    async up() {
      const aedes = await Aedes.createBroker()
      const sockets = new Set<Socket>()
      const tcp = createTcpServer(aedes.handle)
      const http = createHttpServer()
      const ws = new WebSocketServer({ server: http, handleProtocols: () => 'mqtt' })
      ws.on('connection', (socket, request) => {
        const stream = createWebSocketStream(socket)
        // A reader that breaks off is no failure of the server's.
        stream.on('error', () => undefined)
        aedes.handle(stream, request)
      })
      for (const one of [tcp, http]) one.on('connection', (socket: Socket) => void sockets.add(socket))
      await Promise.all([listen(tcp, tcpPort), listen(http, wsPort)])
      stop = async () => {
        await new Promise<void>((resolve) => aedes.close(() => resolve()))
        for (const socket of sockets) socket.destroy()
        await Promise.all([tcp, http].map((one) => new Promise((resolve) => one.close(resolve))))
      }
    },
    async down() {
      await stop?.()
      stop = undefined
    },
  }
  await server.up()
  return server
}

/** Debian has it in sbin, which is not on everybody's path. */
export function mosquittoPath(): string | undefined {
  return ['mosquitto', '/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto', '/opt/homebrew/sbin/mosquitto'].find((path) => spawnSync(path, ['-h']).error === undefined)
}

export async function startMosquitto(path: string): Promise<MqttServer> {
  const [tcpPort, wsPort] = await freePorts()
  const folder = mkdtempSync(join(tmpdir(), 'mosquitto-'))
  const file = join(folder, 'mosquitto.conf')
  writeFileSync(file, `allow_anonymous true\npersistence false\nlistener ${tcpPort} 127.0.0.1\nlistener ${wsPort} 127.0.0.1\nprotocol websockets\n`)
  let child: ChildProcess | undefined
  const server: MqttServer = {
    tcpPort,
    wsPort,
    async up() {
      child = spawn(path, ['-c', file], { stdio: 'ignore' })
      await Promise.all([tcpPort, wsPort].map(answers))
    },
    async down() {
      if (child === undefined) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
      child = undefined
    },
  }
  await server.up()
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return server
}

async function freePorts(): Promise<[number, number]> {
  const servers = [createTcpServer(), createTcpServer()]
  await Promise.all(servers.map((server) => listen(server, 0)))
  const [tcp, ws] = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return [tcp!, ws!]
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
}

/** Until something listens at the port: another program's start has no other sign. */
async function answers(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const socket = connectTcp(port, '127.0.0.1')
    const isThere = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true))
      socket.once('error', () => resolve(false))
    })
    socket.destroy()
    if (isThere) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error(`nothing listens at ${port}`)
}
