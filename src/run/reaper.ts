import type { Processes } from '../ports/processes.ts'

/**
 * A small shell outside the cage and outside our session that reads a pipe from us: what to clean up, one thing a line.
 * A farewell ends it; only an empty cage is then still taken away, which a `sudo` made after nobody waited for it any
 * more. The end of the pipe without one means that the guard died, and then it ends the build and removes the cage at
 * once, as who we are and, where that is not enough and argument 1 is `sudo`, through it. It needs only sh, find, cat,
 * tee, grep, sort, kill, sleep, rmdir and rm.
 */
const SCRIPT = `trap '' INT TERM HUP
sudo=$1
cages= group= mark= directory= is_over=
while read -r word rest; do
  case $word in
    cage) cages="$cages$rest
" ;;
    group) group=$rest ;;
    mark) mark=$rest ;;
    directory) directory=$rest ;;
    farewell) is_over=yes ;;
  esac
done
each_cage() {
  printf %s "$cages" | sort -u | while read -r cage; do [ -d "$cage" ] && "$@"; done
}
take_away() {
  find "$cage" -depth -type d -exec "$@" rmdir {} ';' 2>/dev/null
}
take_empty() {
  take_away
  [ -d "$cage" ] && [ "$sudo" = sudo ] && take_away sudo -n --
}
if [ -n "$is_over" ]; then
  each_cage take_empty
  exit 0
fi
clear_out() {
  [ -e "$cage/cgroup.kill" ] && echo 1 | "$@" tee "$cage/cgroup.kill" >/dev/null 2>&1
  for pid in $(find "$cage" -name cgroup.procs -exec cat {} + 2>/dev/null); do "$@" kill -KILL "$pid" 2>/dev/null; done
  take_away "$@"
}
end_cage() {
  tries=0
  while [ -d "$cage" ] && [ "$tries" -lt 100 ]; do
    clear_out
    [ -d "$cage" ] && [ "$sudo" = sudo ] && clear_out sudo -n --
    tries=$((tries + 1))
    [ -d "$cage" ] && sleep 0.02
  done
}
[ -n "$group" ] && kill -KILL "-$group" 2>/dev/null
each_cage end_cage
tries=0
while [ -n "$mark" ] && [ "$tries" -lt 100 ]; do
  marked=$(grep -ls "$mark=" /proc/[0-9]*/environ 2>/dev/null)
  [ -n "$marked" ] || break
  for file in $marked; do pid=\${file#/proc/} && kill -KILL "\${pid%/environ}" 2>/dev/null; done
  tries=$((tries + 1))
  sleep 0.02
done
[ -n "$directory" ] && rm -rf "$directory"
exit 0`

/** Told of each thing before it is made, so that there is no moment in which our death leaves it behind. */
export interface Reaper {
  cage(directory: string): void
  /** The build's process group; `null` once it has ended, since the number may be given to others. */
  group(groupId: number | null): void
  /** A variable that all processes of the build inherit. */
  mark(name: string): void
  directory(path: string): void
  /** All is well: it leaves without doing anything. */
  dismiss(): void
}

const NO_REAPER: Reaper = {
  cage: () => {},
  group: () => {},
  mark: () => {},
  directory: () => {},
  dismiss: () => {}
}

/** Starts the reaper; on Windows there is no cage of this kind and no such shell. */
export function startReaper(processes: Processes, platform: NodeJS.Platform, maySudo: boolean): Reaper {
  if (platform === 'win32') return NO_REAPER
  const { pipe } = processes.startDetached(['/bin/sh', '-c', SCRIPT, 'sh', maySudo ? 'sudo' : ''])
  // A path with a line break would be two orders; ours have none, and whoever sets such a TMPDIR cleans up himself.
  const tell = (word: string, what: string): void => void (what.includes('\n') || pipe.write(`${word} ${what}\n`))
  return {
    cage: (directory) => tell('cage', directory),
    group: (groupId) => tell('group', groupId === null ? '' : String(groupId)),
    mark: (name) => tell('mark', name),
    directory: (path) => tell('directory', path),
    dismiss: () => void pipe.end('farewell\n')
  }
}
