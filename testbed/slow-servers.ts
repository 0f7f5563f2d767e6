import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { atEnd } from './at-end.ts'

export interface TestServer {
  /** `127.0.0.1:40123` */
  readonly address: string
  close(): void
}

/** Takes every connection and never says a word. */
export function silentServer(): Promise<TestServer> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    socket.resume()
  })
  return listening(server, () => {
    for (const socket of sockets) socket.destroy()
  })
}

/** Answers with these files, by their paths, one byte at a time. */
export function drippingServer(files: Readonly<Record<string, string>>, everyMs: number): Promise<TestServer> {
  const server = createHttpServer((request, response) => {
    const text = files[request.url ?? '']
    if (text === undefined) return void response.writeHead(404).end()
    response.writeHead(200, { 'content-length': text.length })
    let sent = 0
    const timer = setInterval(() => {
      response.write(text.charAt(sent++))
      if (sent < text.length) return
      clearInterval(timer)
      response.end()
    }, everyMs)
    response.on('close', () => clearInterval(timer))
  })
  return listening(server, () => server.closeAllConnections())
}

function listening(server: Server, dropAll: () => void): Promise<TestServer> {
  const close = (): void => {
    dropAll()
    server.close()
  }
  atEnd(async () => close())
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve({ address: `127.0.0.1:${portOf(server)}`, close }))
  })
}

function portOf(server: Server): number {
  const address: string | AddressInfo | null = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server does not listen')
  return address.port
}
