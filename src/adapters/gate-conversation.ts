import type { Socket } from 'node:net'
import type { GateKeeper, ToolAtGate, ToolEnd, ToolJob } from '../ports/tool-gate.ts'

/** Two paths and a few numbers. */
const MOST_LINE_BYTES = 32 * 1024

/**
 * One helper at the gate (the protocol stands in `helper/gate_unix.go`). Whoever does not keep to it is sent away: a helper
 * then runs its tool as if nobody listened.
 */
export function gateConversation(socket: Socket, keeper: GateKeeper): void {
  let unread = ''
  let tool: ToolAtGate | null = null
  const hear = (line: string): boolean => {
    const [word = '', ...rest] = line.split(' ')
    if (tool === null) {
      const job = word === 'ask' ? jobOf(rest) : null
      if (job === null) return false
      tool = atGate(socket, job)
      keeper.asked(tool, endOf(rest.slice(JOB_WORDS)))
      return true
    }
    const [first] = rest
    const end = word === 'ended' ? endOf(rest) : null
    if (end !== null) keeper.ended(tool, end)
    else if (word === 'started' && amountOf(first) > 0) keeper.started(tool, amountOf(first))
    else return false
    return true
  }
  socket.setEncoding('utf8')
  socket.on('data', (text: string) => {
    unread += text
    const lines = unread.split('\n')
    unread = lines.pop() ?? ''
    if (unread.length > MOST_LINE_BYTES || !lines.every(hear)) socket.destroy()
  })
  socket.on('error', () => socket.destroy())
  socket.once('close', () => {
    if (tool !== null) keeper.left(tool)
  })
}

function atGate(socket: Socket, job: ToolJob): ToolAtGate {
  const say = (words: readonly string[]): void => void (socket.writable && socket.write(`${words.join(' ')}\n`))
  return {
    job,
    run: (settings) => say(['run', ...Object.entries(settings).map(([name, text]) => `${name}=${text}`)]),
    giveUp: () => say(['end'])
  }
}

const JOB_WORDS = 7

/** `compile 4242 example.com/m 120934 8821 0 /tmp/go-build1/b001/importcfg` */
function jobOf(words: readonly string[]): ToolJob | null {
  const [tool, parentPid, name, source, config, archives, path] = words
  if ((tool !== 'compile' && tool !== 'link') || path === undefined) return null
  return {
    tool,
    package: textOf(name).slice(0, 1000),
    parentPid: amountOf(parentPid),
    sourceBytes: amountOf(source),
    configBytes: amountOf(config),
    archiveBytes: amountOf(archives),
    config: textOf(path)
  }
}

/** `9 313524224 2210`: signal, bytes, milliseconds. */
function endOf(words: readonly string[]): ToolEnd | null {
  const [signal, peak, cpu] = words
  if (cpu === undefined) return null
  return { signal: amountOf(signal), peakBytes: amountOf(peak), cpuMs: amountOf(cpu) }
}

function amountOf(word: string | undefined): number {
  const number = /^\d{1,15}$/.test(word ?? '') ? Number(word) : 0
  return Number.isSafeInteger(number) ? number : 0
}

/** Percent-encoded; "-" is nothing. */
function textOf(word: string | undefined): string {
  if (word === undefined || word === '-') return ''
  try {
    return decodeURIComponent(word)
  } catch {
    return word
  }
}
