import { describe, expect, test } from '@jest/globals'
import { explainLog, logReader, type StoredLog } from '../../src/diagnose/explain.ts'

const KILLED = 'example.com/app: /usr/local/go/pkg/tool/linux_amd64/compile: signal: killed\n'

function explain(log: Uint8Array, exitCode: number | null = 1, signal: NodeJS.Signals | null = null) {
  return explainLog(log, { exitCode, signal, platform: 'linux' })
}

describe('a stored log', () => {
  test('with a bare kill: memory at most likely, and who ended it is open', () => {
    const { diagnoses, findings, endedBy, outOfMemory } = explain(new TextEncoder().encode(KILLED))
    expect(diagnoses[0]).toMatchObject({ id: 'oom.killed', confidence: 'likely' })
    expect({ endedBy, outOfMemory }).toEqual({ endedBy: 'unknown', outOfMemory: 'unknown' })
    expect(findings.map(({ hypothesis, verdict }) => `${verdict} | ${hypothesis}`)).toEqual([
      'likely | Killed for memory',
      'not checked | Memory counters'
    ])
  })

  test('with a status of 137 alone: not called out of memory', () => {
    const { diagnoses, outOfMemory } = explain(new TextEncoder().encode('building\n'), 137)
    expect(diagnoses[0]).toMatchObject({ id: 'signal.kill', confidence: 'possible' })
    expect(outOfMemory).toBe('unknown')
  })

  test('with the signal that ended it', () => {
    expect(explain(new Uint8Array(0), null, 'SIGTERM').diagnoses[0]?.id).toBe('signal.term')
  })

  test('of the kernel: memory is certain, by a limit or by the machine', () => {
    const line = (text: string): Uint8Array => new TextEncoder().encode(`${KILLED}[1.2] ${text}\n`)
    const ofMachine = explain(line('Out of memory: Killed process 7 (compile) total-vm:1kB, anon-rss:1kB'))
    expect(ofMachine).toMatchObject({ endedBy: 'kernel-oom-host', outOfMemory: 'true' })
    const ofLimit = explain(line('Memory cgroup out of memory: Killed process 7 (compile) total-vm:1kB, anon-rss:1kB'))
    expect(ofLimit).toMatchObject({ endedBy: 'kernel-oom-ancestor', outOfMemory: 'true' })
    expect(ofLimit.diagnoses[0]?.summary).toBe(
      'The log says that `compile` was killed for memory (exit 1, `signal: killed`).'
    )
  })

  test('of compile errors: memory was not involved', () => {
    const { endedBy, outOfMemory } = explain(new TextEncoder().encode('./a.go:1:2: undefined: x\n'))
    expect({ endedBy, outOfMemory }).toEqual({ endedBy: 'itself', outOfMemory: 'false' })
  })

  test('in UTF-16, as Windows PowerShell writes it', () => {
    const text = './a.go:1:2: undefined: größe\r\n'
    const units = Uint16Array.from(`\ufeff${text}`, (character) => character.charCodeAt(0))
    const littleEndian = new Uint8Array(units.buffer)
    const bigEndian = Uint8Array.from(littleEndian, (_, i) => littleEndian[i ^ 1] ?? 0)
    for (const log of [littleEndian, bigEndian]) {
      expect(explain(log).diagnoses[0]?.locations[0]?.message).toBe('undefined: größe')
    }
  })

  test('without anything in it has no cause', () => {
    expect(explain(new Uint8Array(0))).toMatchObject({ diagnoses: [], outOfMemory: 'unknown' })
  })
})

const END = { exitCode: 1, signal: null, platform: 'linux' } as const

/** Reads a log in pieces from one buffer that is used again and again: what is kept must have been copied. */
function readInPieces(log: Uint8Array, pieceBytes: number): StoredLog {
  const reader = logReader()
  const piece = new Uint8Array(pieceBytes)
  for (let at = 0; at < log.length; at += pieceBytes) {
    const part = log.subarray(at, at + pieceBytes)
    piece.set(part)
    reader.push(piece.subarray(0, part.length))
    piece.fill(0)
  }
  return reader.finish()
}

function inUtf16(text: string, encoding: 'le' | 'be'): Uint8Array {
  const littleEndian = Buffer.from(text, 'utf16le')
  return encoding === 'le' ? littleEndian : littleEndian.swap16()
}

describe('a stored log in pieces', () => {
  const lines = Array.from({ length: 600 }, (_, i) => `ok  \texample.com/größe/😀/${i}\t0.1s\r\n`).join('')
  const text = `${lines}./a.go:1:2: undefined: größe😀\r\n${lines}`
  const logs = [
    { name: 'UTF-8', log: new TextEncoder().encode(text) },
    { name: 'UTF-16, little-endian', log: inUtf16(`\ufeff${text}`, 'le') },
    { name: 'UTF-16, big-endian', log: inUtf16(`\ufeff${text}`, 'be') },
    { name: 'UTF-16 without its mark', log: inUtf16(text, 'le') }
  ]

  test.each(logs)('gives the answer of the whole, wherever it is cut: $name', ({ log }) => {
    const whole = explainLog(log, END)
    expect(whole.diagnoses[0]?.locations[0]?.message).toBe('undefined: größe😀')
    for (const pieceBytes of [1, 2, 3, 1021, 4095, 4096, 4097, 70_000]) {
      expect(readInPieces(log, pieceBytes).verdict(END)).toEqual(whole)
    }
  })

  test('of a few bytes is read too', () => {
    expect(readInPieces(inUtf16('\ufeffa', 'le'), 1).verdict(END).diagnoses).toEqual([])
    expect(readInPieces(new TextEncoder().encode(KILLED), 5).verdict(END).diagnoses[0]?.id).toBe('oom.killed')
  })

  test('tells what the runner says of the step', () => {
    const told = (log: string): object => {
      const { hasRunnerError, runnerExitCode } = readInPieces(new TextEncoder().encode(log), 7)
      return { hasRunnerError, runnerExitCode }
    }
    const stamp = '2026-01-02T03:04:05.1234567Z '
    expect(told(`${stamp}##[error]Process completed with exit code 2.\r\n`)).toEqual({
      hasRunnerError: true,
      runnerExitCode: 2
    })
    expect(told(`${stamp}##[error]issues found\n`)).toEqual({ hasRunnerError: true, runnerExitCode: null })
    expect(told('Process completed with exit code 2.\n')).toEqual({ hasRunnerError: false, runnerExitCode: null })
  })
})
