import { chmodSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { locate } from './locate.ts'
import { type CommandResult, projectRoot, runCommand } from './workbench.ts'

const bed = join(projectRoot, '../shared/testbed/cgroup2-vm')
const cache = process.env['CGROUP2_VM_CACHE'] ?? '/var/cache/cgroup2-vm'
const suite = process.env['CGROUP2_VM_SUITE'] ?? 'trixie'

/** Why no guest with a real cgroup v2 can be booted on this machine, or null. */
export function vmUnavailable(): string | null {
  if (!existsSync(bed)) return 'the test bed ../shared/testbed is not here'
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'the test bed is for Linux on x86-64'
  if (process.getuid?.() !== 0) return 'the test bed needs root'
  if (locate('qemu-system-x86_64') === null) return 'there is no qemu-system-x86_64'
  if (!existsSync(join(cache, `ready.${suite}`)))
    return 'the test bed is not set up (../shared/testbed/cgroup2-vm setup)'
  return null
}

export interface VmRequest {
  /** Argument vector; the guest sees the host's files at the same paths, what it writes is dropped. */
  readonly command: readonly string[]
  /** `runner` (default) is uid 1001 with passwordless sudo. */
  readonly user?: 'runner' | 'root'
  /** systemd as PID 1, the command inside hosted-compute-agent.service. */
  readonly systemd?: boolean
  /** `[Service]` lines, with systemd. */
  readonly unit?: readonly string[]
  /** Size of the guest's memory, e.g. `512M`; default 1G. */
  readonly memory?: string
  /** Size of a swap area on zram. */
  readonly swap?: string
  readonly cpus?: number
  /** As in a container job: cgroupfs read-only, this memory.max on the outer cgroup. */
  readonly roCgroup?: string
  /** memory.oom.group=1 on the command's cgroup. */
  readonly oomGroup?: boolean
  readonly oomScoreAdj?: number
  readonly env?: Readonly<Record<string, string>>
  /** A real directory of the host at the same path, made writable for all so that the runner can write there. */
  readonly shareDir?: string
  /** Directories that belong to the runner, in the guest only. */
  readonly own?: readonly string[]
  /** Host directories to show, with systemd. */
  readonly bind?: readonly string[]
  /** Where console, kmsg, dmesg, status (and journal) of the guest are left. */
  readonly logDir?: string
  readonly cwd?: string
  readonly timeoutSeconds?: number
}

export interface VmResult {
  /** The command's own; 124: out of time, 125: the bed itself failed. */
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

// In the guest both streams go through a `cat` each, children of the first process. Under --ro-cgroup that is the first
// of its pid namespace, so what they have not passed on dies with it: it has to outlive them.
const outliving = `exec 3>&2 2>/dev/null
trap : INT TERM
(exec "$@" 2>&3 3>&-)
code=$?
exec >/dev/null 3>&-
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  read -r children </proc/$$/task/$$/children
  [ -n "$children" ] || break
  sleep 0.1
done
exit $code`
const drained = ['sh', '-c', outliving, 'sh']

/** Runs one command in a throw-away guest with a real cgroup v2. */
export async function runInVm(request: VmRequest): Promise<VmResult> {
  const result = await runOnce(request)
  // Under emulation the guest's kernel panics now and then before it has run anything: that says nothing about us.
  return hasPanicked(result) ? runOnce(request) : result
}

function hasPanicked({ code, stdout, stderr }: VmResult): boolean {
  return code === 125 && stdout === '' && /guest ended without a result[\s\S]*Kernel panic/.test(stderr)
}

async function runOnce(request: VmRequest): Promise<VmResult> {
  const timeoutSeconds = request.timeoutSeconds ?? 300
  if (request.shareDir !== undefined) chmodSync(request.shareDir, 0o777)
  const result = await runCommand([bed, ...options(request, timeoutSeconds), '--', ...drained, ...request.command], {
    cwd: request.cwd ?? projectRoot,
    timeoutMs: (timeoutSeconds + 60) * 1000
  })
  return { code: exitCode(result), stdout: result.stdout, stderr: result.stderr }
}

function options(request: VmRequest, timeoutSeconds: number): string[] {
  const words = ['--timeout', String(timeoutSeconds)]
  const flag = (name: string, value: string | number | undefined) => {
    if (value !== undefined) words.push(name, String(value))
  }
  if (request.systemd) words.push('--systemd')
  if (request.user !== 'root') words.push('--user')
  if (request.oomGroup) words.push('--oom-group')
  if (request.roCgroup !== undefined) words.push(`--ro-cgroup=${request.roCgroup}`)
  flag('--mem', request.memory)
  flag('--swap', request.swap)
  flag('--smp', request.cpus)
  flag('--oom-score-adj', request.oomScoreAdj)
  flag('--share', request.shareDir)
  flag('--log', request.logDir)
  for (const line of request.unit ?? []) flag('--unit', line)
  for (const folder of request.own ?? []) flag('--own', folder)
  for (const folder of request.bind ?? []) flag('--bind', folder)
  for (const [name, value] of Object.entries(request.env ?? {})) flag('--env', `${name}=${value}`)
  return words
}

function exitCode(result: CommandResult): number {
  return result.timedOut ? 124 : (result.code ?? 125)
}
