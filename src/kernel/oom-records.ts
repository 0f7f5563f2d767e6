import { KIB } from '../model/bytes.ts'
import type { OomRecord } from '../model/evidence.ts'
import { parseKmsg } from './kmsg.ts'

/** One kill of the kernel log, with the pid that the initial namespace knows. */
type LoggedKill = OomRecord & { readonly pid: number }

export interface OomLog {
  readonly kills: readonly LoggedKill[]
  /** Messages of the killer that its rate limit swallowed. */
  readonly suppressed: number
}

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
/** Before 5.0, without a pid: `Task in /lim/a killed as a result of limit of /lim`. */
const LIMIT = /^Task in (.{1,2000}) killed as a result of limit of (.{1,2000})$/
/** Before 5.0, before the line that tells the figures: `Out of memory: Kill process 957 (compile) score 801 or sacrifice child`. */
const CHOSEN = /^(Memory cgroup o|O)ut of memory.{0,40}: Kill process \d+ \(.{0,60}\) score /
const NOWHERE = { limitCgroup: null, victimCgroup: null } as const
const KILLED = /^(.*?)Killed process (\d+) \((.{0,60})\),? (?:UID:? ?\d+, )?total-vm:\d+kB, anon-rss:(\d+)kB/
const GROUP = /^Tasks in (.*) are going to be killed due to memory\.oom\.group set$/
/** `oom_kill_process: 3 callbacks suppressed` (lib/ratelimit.c names the function). */
const SUPPRESSED =
  /^(?:oom_kill_process|dump_header|out_of_memory|mem_cgroup_out_of_memory): (\d{1,9}) callbacks suppressed$/

/**
 * The kills in lines of the kernel log, oldest first; lines may carry the prefixes {@link parseKmsg} knows
 * (mm/oom_kill.c; seen on 6.1, 6.12 and 6.18, the older forms read in 4.19):
 *
 *     oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/lim,task_memcg=/lim/a,task=compile,pid=957,uid=0
 *     Memory cgroup out of memory: Killed process 957 (compile) total-vm:1448644kB, anon-rss:244992kB, file-rss:424kB, …
 *
 * The kernel may drop the first line (it is rate limited), and with `memory.oom.group` prints the second once for every
 * task and twice for the first. Pids and paths are those of the host, whatever container this is read in.
 */
export function parseOomRecords(lines: readonly string[]): OomLog {
  const kills: LoggedKill[] = []
  let suppressed = 0
  let current = freshEvent()
  for (const { text } of parseKmsg(lines.join('\n'))) {
    if (text.length > LONGEST_LINE) continue
    suppressed += Number(SUPPRESSED.exec(text)?.[1] ?? 0)
    const summary = summaryIn(text)
    const killed = summary === null ? killedIn(text) : null
    const event = eventAfter(current, text, summary)
    current = { ...event, group: GROUP.exec(text)?.[1] ?? event.group }
    const kill = summary ?? (killed === null ? null : withCause(killed, current))
    if (kill === null) continue
    const place = current.places.get(kill.pid) ?? kills.length
    current.places.set(kill.pid, place)
    // Printed again, a line may tell what is left of a victim that is being torn down.
    if (typeof kills[place]?.anonBytes !== 'number') kills[place] = kill
  }
  return { kills, suppressed }
}

type Cause = Pick<OomRecord, 'constraint' | 'limitCgroup' | 'victimCgroup'>

function causeOf({ constraint, limitCgroup, victimCgroup }: Cause): Cause {
  return { constraint, limitCgroup, victimCgroup }
}

/** What the kernel said since it last set out to kill. */
interface OomEvent {
  /** Pid → place in the result. */
  readonly places: Map<number, number>
  readonly cause: Cause | null
  /** The pid that the cause is told of; `null` where the kernel is too old to name it. */
  readonly victim: number | null
  /** Old kernels name the cause first and choose then: the next choice is another event. */
  readonly isChosen: boolean
  /** The cgroup whose tasks all die together. */
  readonly group: string | null
}

function freshEvent(): OomEvent {
  return { places: new Map(), cause: null, victim: null, isChosen: false, group: null }
}

function eventAfter(event: OomEvent, text: string, summary: LoggedKill | null): OomEvent {
  const fresh = freshEvent()
  if (summary !== null) return { ...fresh, cause: summary, victim: summary.pid }
  if (text.includes(' invoked oom-killer: ')) return fresh
  const [, victimCgroup, limitCgroup] = LIMIT.exec(text) ?? []
  if (victimCgroup !== undefined && limitCgroup !== undefined) {
    return { ...fresh, cause: { constraint: 'memcg', limitCgroup, victimCgroup } }
  }
  const chosen = CHOSEN.exec(text)?.[1]
  if (chosen === undefined) return event
  const isTold = event.cause !== null && event.victim === null && !event.isChosen
  const cause = isTold ? event.cause : ({ ...NOWHERE, constraint: chosen === 'O' ? 'none' : 'memcg' } as const)
  return { ...(isTold ? event : fresh), cause, isChosen: true }
}

function summaryIn(text: string): LoggedKill | null {
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

function killedIn(text: string): { readonly kill: LoggedKill; readonly isBare: boolean } | null {
  const [, before, pid, task, anonKib] = KILLED.exec(text) ?? []
  if (before === undefined || task === undefined) return null
  const isOfCgroup = before.startsWith('Memory cgroup out of memory')
  const constraint = isOfCgroup ? 'memcg' : before.startsWith('Out of memory') ? 'none' : 'unknown'
  return {
    kill: {
      ...NOWHERE,
      constraint,
      task,
      pid: Number(pid),
      anonBytes: Number(anonKib) * KIB
    },
    isBare: before === ''
  }
}

/** The summary names one victim; the other tasks of its group die of the same cause. */
function withCause({ kill, isBare }: NonNullable<ReturnType<typeof killedIn>>, event: OomEvent): LoggedKill {
  const { cause, victim, group } = event
  if (cause === null) return { ...kill, victimCgroup: group }
  // Old kernels tell the cause without a pid, and then print a line without a word of the cause.
  if (victim === kill.pid || (victim === null && isBare)) return { ...kill, ...causeOf(cause) }
  if (group === null) return kill
  return { ...kill, constraint: cause.constraint, limitCgroup: cause.limitCgroup, victimCgroup: group }
}
