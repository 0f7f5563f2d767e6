import { parseProcCgroup } from '../kernel/proc-cgroup.ts'
import type { Cap } from '../model/plan.ts'
import { known } from '../model/reading.ts'
import type { Survey } from '../model/survey.ts'
import type { Cage } from '../ports/cage.ts'
import type { ControlFiles, SystemdCall } from '../ports/control-files.ts'
import type { Files } from '../ports/files.ts'
import { scopeName } from './cage-name.ts'
import { type CageTools, killInside, removeDirectory } from './cgroup-directory.ts'
import { checkLimit, leafCage } from './cgroup-leaf.ts'
import { isInsideCage } from './cgroup-places.ts'
import { cgroupV2 } from './cgroup-v2.ts'
import type { CageMaker, Way, WayOrder } from './way.ts'

type Manager = SystemdCall['manager']

/** Where the build is, so that all of it can be killed at once and the placeholder stays. */
const BUILD = '/build'

/** So long a scope may take to be there, and to be gone. */
const WAIT_MS = 2000
const PAUSE_MS = 10

/**
 * A shell that reads a pipe of ours to its end: what a scope has to hold before the build is in it and, since systemd
 * takes an empty one away with its counters, until they were read; and no longer than we live.
 */
const KEEPER = ['/bin/sh', '-c', 'read -r end']

/** Why systemd is not asked at all, or `null`. */
export function systemdUnavailable(files: Files, survey: Survey): string | null {
  if (!files.exists('/run/systemd/system')) return 'it does not run this machine (no /run/systemd/system)'
  if (survey.cgroup.version !== 'v2') return 'the memory controller is not one of cgroup v2'
  return isInsideCage(survey) ? 'a scope would leave the cage of the guard around this one' : null
}

/** A scope of systemd: of the machine, as who we are or through `sudo`, then of our user's own manager. */
export function systemdWays(maker: CageMaker, order: WayOrder): readonly Way[] {
  const way = (manager: Manager, control: ControlFiles): Way => ({
    name: 'systemd',
    label: `systemd (${manager}, ${control.means})`,
    remark: manager === 'user' ? ", by the user's own manager" : control.means === 'sudo' ? ', through sudo' : '',
    open: (cap) => openScope({ ...maker, control }, { ...order, manager, announce: maker.announce }, cap)
  })
  return [
    ...maker.means.map((control) => way('system', control)),
    ...maker.means.filter(({ means }) => means === 'direct').map((control) => way('user', control))
  ]
}

interface ScopeOrder extends WayOrder {
  readonly manager: Manager
  readonly announce: CageMaker['announce']
}

/**
 * Has systemd make a scope around a placeholder, into which the gated build is moved before it executes: so it keeps its
 * user, groups, environment and descriptors, and systemd knows of the cgroup.
 */
async function openScope(tools: CageTools, order: ScopeOrder, cap: Cap): Promise<Cage> {
  const { files, control } = tools
  const name = scopeName(order.runId)
  const mountPoint = order.survey.cgroup.mountPoint ?? ''
  const keeper = tools.processes.startDetached(KEEPER)
  try {
    await control.callSystemd({
      manager: order.manager,
      method: 'StartTransientUnit',
      args: startArguments(order, keeper.pid, cap)
    })
    const directory = `${mountPoint}${await pathOf(tools, keeper.pid, name)}`
    order.announce(directory)
    checkLimit(files, `${directory}/${cgroupV2.limitFile}`, cap)
    const inside = `${directory}${BUILD}`
    await control.makeDirectory(inside)
    return leafCage(tools, {
      dialect: { ...cgroupV2, way: 'systemd' },
      place: { directory, mountPoint },
      cap,
      inside,
      async enter(pid) {
        const args = ['ssau', name, BUILD, '1', String(pid)]
        await control.callSystemd({ manager: order.manager, method: 'AttachProcessesToUnit', args })
        await pathOf(tools, pid, name + BUILD)
      },
      async remove() {
        keeper.pipe.end()
        await killInside(tools, inside)
        // An empty scope is taken away by systemd itself.
        await waitFor(tools, () => !files.exists(directory))
        return removeDirectory(tools, directory)
      }
    })
  } catch (fault) {
    keeper.pipe.end()
    throw fault
  }
}

/**
 * `Delegate` makes a scope into which processes can be moved, and of which systemd leaves the rest alive when the kernel
 * kills one (`OOMPolicy=continue`, which releases before 253 do not know by name). No other limit is set.
 */
function startArguments({ survey, runId, manager }: ScopeOrder, keeperPid: number, cap: Cap): readonly string[] {
  const slice = sliceOf(known(survey.cgroup.path) ?? '', manager)
  const properties = [
    ['PIDs', 'au', '1', String(keeperPid)],
    ['Description', 's', 'A build in the cage of go-build-guard'],
    ['CollectMode', 's', 'inactive-or-failed'],
    ['DelegateControllers', 'as', '1', 'memory'],
    ['MemoryMax', 't', String(cap.bytes)],
    ...(cap.swap === 'closed' ? [['MemorySwapMax', 't', '0']] : []),
    ['TasksMax', 't', '18446744073709551615'],
    ...(slice === null ? [] : [['Slice', 's', slice]])
  ]
  return ['ssa(sv)a(sa(sv))', scopeName(runId), 'fail', String(properties.length), ...properties.flat(), '0']
}

/**
 * The slice that we are in, so that its limits stay above the build: `ci.slice` of `/ci.slice/runner.service`. For the
 * manager of a user only what is below it counts.
 */
export function sliceOf(path: string, manager: Manager): string | null {
  const names = path.split('/').filter(Boolean)
  const top = manager === 'system' ? 0 : names.findIndex((name) => /^user@\d+\.service$/.test(name)) + 1
  if (manager === 'user' && top === 0) return null
  const below = names.slice(top)
  const other = below.findIndex((name) => !name.endsWith('.slice'))
  return below.slice(0, other < 0 ? below.length : other).at(-1) ?? null
}

/** The path of the scope's cgroup, once the process is in it; `/proc/PID/cgroup` tells. Throws if it does not come there. */
async function pathOf(tools: CageTools, pid: number, scope: string): Promise<string> {
  const find = (): string | undefined => {
    const text = tools.files.readText(`${tools.root}/proc/${pid}/cgroup`)
    const entries = text.kind === 'value' ? parseProcCgroup(text.value) : []
    return entries.find(({ isV2, path }) => isV2 && path.endsWith(`/${scope}`))?.path
  }
  await waitFor(tools, () => find() !== undefined)
  const path = find()
  if (path === undefined) throw new Error(`no process of it came into ${scope} within ${WAIT_MS} ms`)
  return path
}

async function waitFor({ clock }: CageTools, isSo: () => boolean): Promise<void> {
  for (const deadlineMs = clock.nowMs() + WAIT_MS; !isSo() && clock.nowMs() < deadlineMs; ) await clock.sleep(PAUSE_MS)
}
