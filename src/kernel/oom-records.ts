import { KIB } from '../model/bytes.ts'
import type { OomRecord } from '../model/evidence.ts'
import { parseKmsg } from './kmsg.ts'

/** A kernel message is at most about 1 KiB; a longer line is something else, and is not searched. */
const LONGEST_LINE = 4096

const CONSTRAINTS: Readonly<Record<string, OomRecord['constraint']>> = {
  MEMCG: 'memcg',
  NONE: 'none',
  CPUSET: 'cpuset',
  MEMORY_POLICY: 'memory-policy'
}

/** The name is bounded, so that a cgroup path which contains `,task=` is not taken for it. */
const SUMMARY = /^oom-kill:constraint=CONSTRAINT_([A-Z_]+),(.*?),task=(.{0,60}),pid=(\d+),uid=\d+$/
const KILLED = /^(.*?)Killed process (\d+) \((.{0,60})\),? (?:UID:? ?\d+, )?total-vm:\d+kB, anon-rss:(\d+)kB/
const GROUP = /^Tasks in (.*) are going to be killed due to memory\.oom\.group set$/

/**
 * The kills in lines of the kernel log, oldest first; lines may carry the prefixes {@link parseKmsg} knows
 * (mm/oom_kill.c; seen on 6.1, 6.12 and 6.18):
 *
 *     oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/lim,task_memcg=/lim/a,task=compile,pid=957,uid=0
 *     Memory cgroup out of memory: Killed process 957 (compile) total-vm:1448644kB, anon-rss:244992kB, file-rss:424kB, …
 *
 * The kernel may drop the first line (it is rate limited), and with `memory.oom.group` prints the second once for every
 * task and twice for the first. Pids and paths are those of the host, whatever container this is read in.
 */
export function parseOomRecords(lines: readonly string[]): readonly OomRecord[] {
  const records: OomRecord[] = []
  let current: OomEvent = { records: new Map(), cause: null, group: null }
  for (const { text } of parseKmsg(lines.join('\n'))) {
    if (text.length > LONGEST_LINE) continue
    const summary = summaryIn(text)
    if (summary !== null || text.includes(' invoked oom-killer: ')) {
      current = { records: new Map(), cause: summary, group: null }
    }
    const killed = summary === null ? killedIn(text) : null
    current = { ...current, group: GROUP.exec(text)?.[1] ?? current.group }
    const record = summary ?? (killed === null ? null : withCause(killed, current))
    if (record === null) continue
    const place = current.records.get(record.pid) ?? records.length
    current.records.set(record.pid, place)
    // Printed again, a line may tell what is left of a victim that is being torn down.
    if (typeof records[place]?.anonBytes !== 'number') records[place] = record
  }
  return records
}

/** What the kernel said since it last set out to kill. */
interface OomEvent {
  /** Pid → place in the result. */
  readonly records: Map<number, number>
  readonly cause: OomRecord | null
  /** The cgroup whose tasks all die together. */
  readonly group: string | null
}

function summaryIn(text: string): OomRecord | null {
  const [, constraint, places, task, pid] = SUMMARY.exec(text) ?? []
  if (constraint === undefined || places === undefined || task === undefined) return null
  const victimAt = places.lastIndexOf(',task_memcg=')
  const limitAt = places.indexOf(',oom_memcg=')
  const limitEnd = victimAt < 0 ? places.length : victimAt
  return {
    constraint: CONSTRAINTS[constraint] ?? 'unknown',
    limitCgroup: limitAt < 0 ? null : places.slice(limitAt + ',oom_memcg='.length, limitEnd),
    victimCgroup: victimAt < 0 ? null : places.slice(victimAt + ',task_memcg='.length),
    task,
    pid: Number(pid),
    anonBytes: null
  }
}

function killedIn(text: string): OomRecord | null {
  const [, before, pid, task, anonKib] = KILLED.exec(text) ?? []
  if (before === undefined || task === undefined) return null
  return {
    constraint: before.startsWith('Memory cgroup out of memory') ? 'memcg' : 'none',
    limitCgroup: null,
    victimCgroup: null,
    task,
    pid: Number(pid),
    anonBytes: Number(anonKib) * KIB
  }
}

/** The summary names one victim; the other tasks of its group die of the same cause. */
function withCause(killed: OomRecord, event: OomEvent): OomRecord {
  const { cause } = event
  if (cause === null) return { ...killed, victimCgroup: event.group }
  if (cause.pid === killed.pid) return { ...cause, task: killed.task, anonBytes: killed.anonBytes }
  if (event.group === null) return killed
  return { ...killed, constraint: cause.constraint, limitCgroup: cause.limitCgroup, victimCgroup: event.group }
}
