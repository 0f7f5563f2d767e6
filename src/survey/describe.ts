import { posix } from 'node:path'
import { formatBytes } from '../model/bytes.ts'
import type { BindingLimit, CgroupLevel, CgroupSurvey, LimitFinding, Survey } from '../model/survey.ts'
import { describeSurroundings } from './describe-surroundings.ts'
import { amount, visible } from './words.ts'

/** The survey as plain lines for `inspect`: every limit with its file, which one binds and why, and what is not known. */
export function describeSurvey(survey: Survey): readonly string[] {
  return [
    ...hostLines(survey),
    ...cgroupLines(survey.cgroup),
    ...survey.limits.map((finding) => limitLine(finding, survey.binding)),
    ...bindingLines(survey),
    ...survey.cgroup.levels.flatMap(levelLines),
    ...describeSurroundings(survey)
  ].map(visible)
}

function hostLines({ host, cpus, platform }: Survey): readonly string[] {
  const isWithoutSwap = host.swapTotalBytes.kind === 'value' && host.swapTotalBytes.value === 0
  const swap = `${amount(host.swapTotalBytes)}, free: ${amount(host.swapFreeBytes)}`
  return [
    `Processors: ${cpus}`,
    `Memory of the machine: ${amount(host.totalBytes)}, available: ${amount(host.availableBytes)}`,
    platform === 'win32'
      ? `Page files: ${amount(host.swapTotalBytes)}`
      : `Swap of the machine: ${isWithoutSwap ? 'none' : swap}`
  ]
}

function cgroupLines(cgroup: CgroupSurvey): readonly string[] {
  const { version, path } = cgroup
  if (path.kind === 'absent') return ['Cgroup: none']
  if (path.kind === 'unreadable') return [`Cgroup: not readable (${path.reason})`]
  if (version === 'none') return [`Cgroup: ${path.value}, on a system without the memory controller`]
  const beside = cgroup.isHybrid ? ', a v2 tree without memory limits stands beside it' : ''
  return [`Cgroup: ${path.value} (${version}${beside})`, ...blindSpot(cgroup)]
}

/** Only the real root has no `memory.max`: a cgroup `/` that has one is the root of a namespace. */
function blindSpot({ version, path, mountPoint, directory, levels }: CgroupSurvey): readonly string[] {
  if (mountPoint === null) return ['Its limits cannot be read: no mount shows the tree it is in']
  if (directory === null) return ['Its own limits cannot be read: the mount shows only cgroups above it']
  const isRoot = path.kind === 'value' && path.value === '/'
  const isNamespace = version === 'v2' && isRoot && levels.some((level) => level.limitBytes.kind !== 'absent')
  return isNamespace ? ['It is the root of a namespace: limits further up are not visible from here'] : []
}

function limitLine({ source, file, limit }: LimitFinding, binding: BindingLimit | null): string {
  const isBinding = binding !== null && binding.file === file && binding.source === source
  return `Limit (${source}): ${amount(limit)}, ${file}${isBinding ? ' - this one binds' : ''}`
}

function bindingLines(survey: Survey): readonly string[] {
  const { binding } = survey
  if (binding === null) return ['Binding limit: not known, not even the memory of the machine could be read']
  const used = isUseKnown(survey, binding) ? formatBytes(binding.usedByOthersBytes) : 'not known, taken for nothing'
  return [
    `Binding limit: ${formatBytes(binding.bytes)}, the smallest hard limit that can be seen from here`,
    `Used by others within it: ${used}`
  ]
}

function isUseKnown({ host, cgroup }: Survey, binding: BindingLimit): boolean {
  if (binding.source === 'commit') return true
  if (binding.source === 'host') return host.availableBytes.kind === 'value'
  const level = cgroup.levels.find(({ directory }) => directory === posix.dirname(binding.file))
  return level?.usedBytes.kind === 'value'
}

function levelLines({ directory, highBytes, swapLimitBytes, killsAsGroup, usedBytes }: CgroupLevel): readonly string[] {
  const isLimited = (kind: string): boolean => kind === 'value' || kind === 'unreadable'
  const lines: string[] = []
  if (usedBytes.kind === 'unreadable') lines.push(`Memory held in ${directory}: ${amount(usedBytes)}`)
  if (isLimited(highBytes.kind)) {
    lines.push(
      `Throttling limit (memory.high) of ${directory}: ${amount(highBytes)}; it slows a build down, it does not kill`
    )
  }
  if (isLimited(swapLimitBytes.kind)) lines.push(`Swap limit of ${directory}: ${amount(swapLimitBytes)}`)
  if (killsAsGroup.kind === 'unreadable') lines.push(`memory.oom.group of ${directory}: ${amount(killsAsGroup)}`)
  if (killsAsGroup.kind === 'value' && killsAsGroup.value) {
    lines.push(`memory.oom.group is set for ${directory}: out of memory, the kernel kills everything in it together`)
  }
  return lines
}
