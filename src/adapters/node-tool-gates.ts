import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { constants, open } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import type { GateKeeper, ToolGate, ToolGates } from '../ports/tool-gate.ts'
import { gateConversation } from './gate-conversation.ts'

/** The most that Linux and macOS take for the path of a socket, its closing zero included (unix(7), sun_path). */
const MOST_PATH_BYTES = 104

/** Far more than a go command starts at once. */
const MOST_CONNECTIONS = 512

export const nodeToolGates: ToolGates | null =
  process.platform === 'win32'
    ? null
    : {
        makeDirectory(parent) {
          mkdirSync(parent, { recursive: true })
          return mkdtempSync(join(parent, 'steer-'))
        },
        open: openGate,
        readThrough
      }

async function openGate(directory: string, keeper: GateKeeper): Promise<ToolGate> {
  const path = join(directory, 'gate')
  if (Buffer.byteLength(path) >= MOST_PATH_BYTES) throw new Error(`${path} is too long for a socket`)
  rmSync(path, { force: true })
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    gateConversation(socket, keeper)
  })
  server.maxConnections = MOST_CONNECTIONS
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(path, resolve)
  })
  server.on('error', () => {})
  server.unref()
  chmodSync(path, 0o600)
  const lane = laneFile(join(directory, 'lane'))
  return {
    setLane: lane,
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    }
  }
}

/** Written only when it changes, and in one piece: whoever reads it meanwhile sees the old or the new number, or asks. */
function laneFile(path: string): ToolGate['setLane'] {
  let written = ''
  return (weight) => {
    const text = weight === null ? '-1\n' : `${Math.floor(weight)}\n`
    if (text === written) return
    writeFileSync(path, text)
    written = text
  }
}

const PIECE = Buffer.allocUnsafeSlow(1024 * 1024)

/** In the thread pool; a pipe or a device with such a name is not waited for. */
async function readThrough(path: string): Promise<void> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => null)
  if (file === null) return
  try {
    if (!(await file.stat()).isFile()) return
    for (let count = 1; count > 0; ) count = (await file.read(PIECE, 0, PIECE.length)).bytesRead
  } catch {
    // It went while it was read.
  } finally {
    await file.close()
  }
}
