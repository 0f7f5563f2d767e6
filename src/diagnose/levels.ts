import { type Evidence, type LevelEvidence, rise } from '../model/evidence.ts'

/** What the counters of the cgroups around the build say together. */
export interface Levels {
  /** The cage's own cgroup; `null` without one. */
  readonly own: LevelEvidence | null
  /** Those whose limits are not the build's own, innermost first: above the cage, or without one all of them. */
  readonly above: readonly LevelEvidence[]
}

export function levelsOf({ levels }: Evidence): Levels {
  return { own: levels.find(({ isCage }) => isCage) ?? null, above: levels.filter(({ isCage }) => !isCage) }
}

/** Limits above that fired: v2's own counter rose. */
export function firedAbove(evidence: Evidence): readonly LevelEvidence[] {
  return levelsOf(evidence).above.filter(({ ownHits }) => (rise(ownHits) ?? 0) > 0)
}

/** Limits above that usage stood at (v1): one of them may have fired, and no other can. */
export function reachedAbove(evidence: Evidence): readonly LevelEvidence[] {
  return levelsOf(evidence).above.filter(
    ({ failures, limitBytes }) => (rise(failures) ?? 0) > 0 && limitBytes.kind !== 'unlimited'
  )
}

/**
 * Whether every cgroup above the build is in sight up to the real root, and each limit among them is known not to have
 * fired. The real root of v2 has no memory files; whatever else is at the mount point hides what is above it. The root
 * of v1 looks like any other cgroup: there the path has to be the whole one.
 */
export function isEveryLimitCleared(evidence: Evidence): boolean {
  const { above } = levelsOf(evidence)
  const root = above.at(-1)
  if (root === undefined || !isRealRoot(evidence, root)) return false
  return above.every((level) => level === root || rise(level.ownHits) === 0 || rise(level.failures) === 0)
}

function isRealRoot({ survey }: Evidence, root: LevelEvidence): boolean {
  if (survey === null) return false
  const { version, path, directory, mountPoint } = survey.cgroup
  if (version === 'v2') return root.limitBytes.kind === 'absent' && root.kills.before.kind === 'absent'
  if (path.kind !== 'value' || directory === null || mountPoint === null) return false
  return path.value !== '/' && directory === `${mountPoint}${path.value}`
}

/**
 * Whether a limit can be there that is not known not to have fired: of a visible cgroup whose counters do not say, or
 * of a container, whose own limits can be out of sight.
 */
export function canBeLimitedAbove(evidence: Evidence): boolean {
  if (isEveryLimitCleared(evidence)) return false
  const { above } = levelsOf(evidence)
  const isOpen = ({ limitBytes, ownHits, failures }: LevelEvidence): boolean =>
    limitBytes.kind === 'value' && rise(ownHits) !== 0 && rise(failures) !== 0
  if (above.some(isOpen)) return true
  return above.length === 0 ? limitsAbove(evidence) : isInContainer(evidence)
}

/** Whether the survey saw a limit of a cgroup, or a container. */
export function limitsAbove(evidence: Evidence): boolean {
  return hasLimitInSurvey(evidence) || isInContainer(evidence)
}

function hasLimitInSurvey({ survey }: Evidence): boolean {
  return survey?.cgroup.levels.some(({ limitBytes }) => limitBytes.kind === 'value') ?? false
}

/**
 * A path that is longer than what is mounted, or `/` where it is not the real root: that has no limit files on v2, and on
 * v1, where it has, the processes of the host beside it.
 */
function isInContainer({ survey }: Evidence): boolean {
  if (survey === null) return false
  const { version, levels, path, directory, mountPoint } = survey.cgroup
  if (path.kind !== 'value') return false
  if (path.value !== '/') return directory !== null && mountPoint !== null && directory !== `${mountPoint}${path.value}`
  const hasLimitFile = levels[0]?.limitBytes.kind === 'unlimited' || levels[0]?.limitBytes.kind === 'value'
  return hasLimitFile && (version === 'v2' || survey.killers.systemdOomd.kind === 'unreadable')
}
