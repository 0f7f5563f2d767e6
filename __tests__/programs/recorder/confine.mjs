import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const CGROUPS = '/sys/fs/cgroup'
const MIB = 1024 * 1024

/**
 * What surrounds a command: `limits` (letters of `ulimit`), `memoryMib` (cgroup v1, memory), `tasks` (cgroup v1, pids),
 * `diskMib` (a tmpfs of that size at $DISK), `user` (a numeric id). `prologue` goes in front of the command.
 */
export function confine({ label, name, limits = {}, memoryMib, tasks, diskMib, user }, top) {
  const groups = [
    memoryMib === undefined ? null : openGroup('memory', `${label}-${name}`, 'memory.limit_in_bytes', memoryMib * MIB),
    tasks === undefined ? null : openGroup('pids', `${label}-${name}`, 'pids.max', tasks)
  ].filter((group) => group !== null)
  const disk = diskMib === undefined ? null : mountDisk(join(top, 'disk'), diskMib)
  if (user !== undefined) execFileSync('chown', ['-R', `${user}:${user}`, top])
  const joins = groups.map((group) => `echo $$ > ${group}/cgroup.procs; `)
  const ulimits = Object.entries(limits).map(([letter, count]) => `ulimit -${letter} ${count}; `)
  return {
    prologue: [...joins, ...ulimits].join('') + asUser(user),
    async release() {
      if (disk !== null) execFileSync('umount', ['-l', disk])
      for (const group of groups) await closeGroup(group)
    }
  }
}

/** The whole script once more, as that user: not together with cgroups, which only root may join. */
function asUser(user) {
  if (user === undefined) return ''
  return `[ $EUID = ${user} ] || exec setpriv --reuid ${user} --regid ${user} --clear-groups bash -c "$BASH_EXECUTION_STRING"; `
}

function openGroup(controller, name, file, limit) {
  const group = join(CGROUPS, controller, `go-build-guard-record-${process.pid}-${name}`)
  mkdirSync(group)
  writeFileSync(join(group, file), String(limit))
  return group
}

/** Ends what is left in a group of our own, then removes it. */
async function closeGroup(group) {
  for (let attempt = 0; attempt < 50; attempt++) {
    const left = readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean)
    for (const pid of left) endQuietly(Number(pid))
    if (left.length === 0) {
      try {
        return rmdirSync(group)
      } catch {
        // Busy for a moment after the last process ended.
      }
    }
    await sleep(100)
  }
  throw new Error(`could not remove ${group}`)
}

function endQuietly(pid) {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Ended by itself since the list was read.
  }
}

function mountDisk(folder, mib) {
  mkdirSync(folder)
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mib}m`, 'tmpfs', folder])
  return folder
}
