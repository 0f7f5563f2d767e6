import type { Processes } from '../ports/processes.ts'

/**
 * A small shell outside the cage and outside our session that reads a pipe from us: what to clean up, one thing a line.
 * A farewell ends it. The end of the pipe without one means that the guard died, and then it ends the build and removes
 * the cage at once. It needs only sh, find, cat, tee, kill, sleep, rmdir and rm. Argument 1 is `sudo` where cgroups are
 * changed through it.
 */
const SCRIPT = `trap '' INT TERM HUP
as=
[ "$1" = sudo ] && as='sudo -n --'
cages= group= directory=
while read -r word rest; do
  case $word in
    cage) cages="$cages$rest
" ;;
    group) group=$rest ;;
    directory) directory=$rest ;;
    farewell) exit 0 ;;
  esac
done
[ -n "$group" ] && kill -KILL "-$group" 2>/dev/null
printf %s "$cages" | sort -u | while read -r cage; do
  tries=0
  while [ -d "$cage" ] && [ "$tries" -lt 100 ]; do
    [ -e "$cage/cgroup.kill" ] && echo 1 | $as tee "$cage/cgroup.kill" >/dev/null 2>&1
    for pid in $(find "$cage" -name cgroup.procs -exec cat {} + 2>/dev/null); do $as kill -KILL "$pid" 2>/dev/null; done
    find "$cage" -depth -type d -exec $as rmdir {} ';' 2>/dev/null
    tries=$((tries + 1))
    [ -d "$cage" ] && sleep 0.02
  done
done
[ -n "$directory" ] && rm -rf "$directory"
exit 0`

/** Told of each thing before it is made, so that there is no moment in which our death leaves it behind. */
export interface Reaper {
  cage(directory: string): void
  /** The build's process group; `null` once it has ended, since the number may be given to others. */
  group(groupId: number | null): void
  directory(path: string): void
  /** All is well: it leaves without doing anything. */
  dismiss(): void
}

const NO_REAPER: Reaper = { cage: () => {}, group: () => {}, directory: () => {}, dismiss: () => {} }

/** Starts the reaper; on Windows there is no cage of this kind and no such shell. */
export function startReaper(processes: Processes, platform: NodeJS.Platform, maySudo: boolean): Reaper {
  if (platform === 'win32') return NO_REAPER
  const { pipe } = processes.startDetached(['/bin/sh', '-c', SCRIPT, 'sh', maySudo ? 'sudo' : ''])
  // A path with a line break would be two orders; ours have none, and whoever sets such a TMPDIR cleans up himself.
  const tell = (word: string, what: string): void => void (what.includes('\n') || pipe.write(`${word} ${what}\n`))
  return {
    cage: (directory) => tell('cage', directory),
    group: (groupId) => tell('group', groupId === null ? '' : String(groupId)),
    directory: (path) => tell('directory', path),
    dismiss: () => void pipe.end('farewell\n')
  }
}
