import * as fs from 'node:fs'
import type { ControlFiles, SystemdCall } from '../ports/control-files.ts'
import type { Processes, ToolResult } from '../ports/processes.ts'

/** A machine that is short of memory answers late. */
const DEADLINE_MS = 10_000

/** As root, or where an administrator has delegated the directory. */
export function directControlFiles(processes: Processes): ControlFiles {
  return {
    means: 'direct',
    async makeDirectory(path) {
      fs.mkdirSync(path)
    },
    async write(path, text) {
      // Never created: a control file that is not there is a kernel that does not have it.
      const descriptor = fs.openSync(path, fs.constants.O_WRONLY)
      try {
        fs.writeSync(descriptor, text)
      } finally {
        fs.closeSync(descriptor)
      }
    },
    async removeDirectory(path) {
      fs.rmdirSync(path)
    },
    async kill(pids) {
      for (const pid of pids) processes.signal(pid, 'SIGKILL')
    },
    async callSystemd(call) {
      const done = await processes.run('busctl', busctl(call), { environment: ofUser(), deadlineMs: DEADLINE_MS })
      if (done.code !== 0) throw new Error(`busctl ${call.method}: ${refusalOf(done)}`)
    }
  }
}

/**
 * Through `sudo -n` (never asks for a password): `mkdir`, `tee` and `rmdir` on paths of ours, `kill` of what is in our
 * cgroup, and `busctl` for a scope of ours. Where sudo itself refuses or does not answer, it is not asked again, unless
 * it has worked before.
 */
export function sudoControlFiles(processes: Processes): ControlFiles {
  let unusable: string | null = null
  let hasWorked = false
  const sudo = async (args: readonly string[], input = ''): Promise<void> => {
    if (unusable !== null) throw new Error(unusable)
    const done = await processes.run('sudo', ['-n', '--', ...args], { input, deadlineMs: DEADLINE_MS })
    if (done.code === 0) {
      hasWorked = true
      return
    }
    if (!hasWorked && isOfSudoItself(done)) {
      unusable = `sudo cannot be used: ${refusalOf(done)}`
      throw new Error(unusable)
    }
    throw new Error(`sudo ${args.join(' ')}: ${refusalOf(done)}`)
  }
  return {
    means: 'sudo',
    makeDirectory: (path) => sudo(['mkdir', path]),
    write: (path, text) => sudo(['tee', path], text),
    removeDirectory: (path) => sudo(['rmdir', path]),
    kill: (pids) => sudo(['kill', '-KILL', ...pids.map(String)]).catch(() => {}),
    callSystemd: (call) => sudo(['busctl', ...busctl(call)])
  }
}

/** Missing, hanging, or every line is its own: `sudo: a password is required`. */
function isOfSudoItself({ problem, stderr }: ToolResult): boolean {
  const lines = stderr.split('\n').filter((line) => line !== '')
  return problem !== null || (lines.length > 0 && lines.every((line) => line.startsWith('sudo: ')))
}

function refusalOf({ problem, stderr, code }: ToolResult): string {
  return problem ?? (stderr.trim().replaceAll(/\s*\n\s*/g, '; ') || `status ${code}`)
}

/** No dialogue may open: nobody is there to answer it. */
function busctl({ manager, method, args }: SystemdCall): readonly string[] {
  const target = ['org.freedesktop.systemd1', '/org/freedesktop/systemd1', 'org.freedesktop.systemd1.Manager']
  return [`--${manager}`, '--quiet', '--allow-interactive-authorization=no', 'call', ...target, method, ...args]
}

/** A service of the system is not told where the bus of its user is; it is always here (pam_systemd(8)). */
function ofUser(): Readonly<Record<string, string>> {
  const kept = Object.entries(process.env).flatMap(([name, text]) =>
    text === undefined ? [] : [[name, text] as const]
  )
  return { XDG_RUNTIME_DIR: `/run/user/${process.getuid?.() ?? 0}`, ...Object.fromEntries(kept) }
}
