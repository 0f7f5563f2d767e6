import { describe, expect, test } from '@jest/globals'
import { explainLog } from '../../src/diagnose/explain.ts'

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
