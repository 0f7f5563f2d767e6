import type { Remedy } from '../../model/diagnosis.ts'
import { code, prose } from '../../model/prose.ts'
import type { KnownServer, StallSnapshot } from '../../model/stall.ts'
import { advice, commands } from '../definition.ts'
import { causeOfStall } from './cause.ts'
import { lastInLine } from './finding.ts'

/** Names of others go into a command only where no shell could read more into them. */
const PLAIN_PATH = /^[\w.~/@+-]+$/
const PLAIN_ADDRESS = /^[\w.[\]:-]+$/

/** What to do about a build that stood still. */
export function stallRemedies(snapshot: StallSnapshot): readonly Remedy[] {
  switch (causeOfStall(snapshot).id) {
    case 'stall.network':
      return forNetwork(snapshot)
    case 'stall.lock':
      return forLock(snapshot)
    case 'stall.stopped':
      return forStopped(snapshot)
    case 'stall.frozen':
      return forFrozen(snapshot)
    case 'stall.io':
      return [
        advice(
          prose`look for the disk or mount that does not answer, in the kernel log and in ${code('/proc/mounts')}.`
        ),
        commands(prose`on that machine:`, ['dmesg | tail -n 50', 'ps -eo pid,stat,wchan:32,args | grep " D"'])
      ]
    case 'stall.thrash':
      return []
    case 'stall.unknown':
      return forOthers(snapshot)
  }
}

const ASK_FOR: Readonly<Record<KnownServer['role'], string>> = {
  'module proxy': 'GOPROXY names it; a second one after a comma is asked only if the first answers with 404 or 410.',
  'checksum database': 'GOSUMDB names it; GONOSUMDB leaves out modules that it cannot know.',
  'Git server': 'GOPRIVATE and `direct` in GOPROXY make go ask it; a module proxy would spare the way.',
  'HTTP proxy': 'HTTPS_PROXY names it; NO_PROXY leaves out hosts that need none.',
  'name server': '`/etc/resolv.conf` names it.',
  server: ''
}

function forNetwork(snapshot: StallSnapshot): readonly Remedy[] {
  const peers = [...lastInLine(snapshot), ...snapshot.processes].flatMap((one) => one.peers)
  const peer =
    peers.find(({ state }) => state === 'SYN_SENT') ?? peers.find(({ server }) => server !== null) ?? peers[0]
  if (peer === undefined) return []
  const where = peer.server?.host ?? peer.address
  const role = peer.server === null ? '' : ASK_FOR[peer.server.role]
  const port = where.slice(where.lastIndexOf(':') + 1)
  const isHttp = peer.protocol === 'tcp' && port !== '22' && PLAIN_ADDRESS.test(where)
  const url = `${port === '443' ? 'https' : 'http'}://${where}/`
  const ask = isHttp
    ? [commands(prose`see from the same machine whether it answers:`, [`curl -v --max-time 10 ${url}`])]
    : []
  return [advice(`find out why ${prose`${code(where)}`} does not answer. ${role}`.trim()), ...ask]
}

function forLock({ locks }: StallSnapshot): readonly Remedy[] {
  const wait = locks.find(({ holder }) => holder !== null && !holder.isOfBuild) ?? locks[0]
  const own = advice(
    prose`give each job that runs at the same time a module cache of its own (GOMODCACHE), where they share a machine.`
  )
  if (wait === undefined || wait.holder === null) return [own]
  return [
    commands(prose`see what holds the lock, and end it if it was left behind:`, [`ps -fp ${wait.holder.pid}`]),
    own
  ]
}

function forStopped({ processes }: StallSnapshot): readonly Remedy[] {
  const pids = processes.filter(({ state }) => state === 'T').map(({ pid }) => pid)
  const find = advice(prose`find out who stopped it: a signal, a job control shell, or a debugger.`)
  return pids.length === 0 ? [find] : [find, commands(prose`to let it go on:`, [`kill -CONT ${pids.join(' ')}`])]
}

function forFrozen({ frozen: [first] }: StallSnapshot): readonly Remedy[] {
  const find = advice(prose`find out who froze it, and why: a paused container, a suspended unit, a checkpoint.`)
  if (first === undefined || !PLAIN_PATH.test(first.directory)) return [find]
  const thaw =
    first.version === 'v2'
      ? `echo 0 > ${first.directory}/cgroup.freeze`
      : `echo THAWED > ${first.directory}/freezer.state`
  return [find, commands(prose`to let it go on, as root:`, [thaw])]
}

function forOthers(snapshot: StallSnapshot): readonly Remedy[] {
  if (snapshot.processes.some(({ input }) => input !== null)) {
    return [
      advice(prose`give the command its answer, or an option that asks for none; a step has no terminal.`),
      commands(prose`for instance:`, ['export GIT_TERMINAL_PROMPT=0', 'COMMAND </dev/null'])
    ]
  }
  return [
    advice(
      prose`look at the processes in the log; a Go program prints what its goroutines wait for when it gets SIGQUIT, which ${code('stall-action: kill')} sends first.`
    )
  ]
}
