/** Every cgroup of ours is called so, whoever made it: what is found under this name may be removed, nothing else. */
const PREFIX = 'go-build-guard-'

/** The name for a checked run id: 12 hexadecimal digits. Throws on anything else, since it becomes part of a path. */
export function cageName(runId: string): string {
  return PREFIX + checked(runId)
}

/** The scope of systemd for the same run; its cgroup is called so too. */
export function scopeName(runId: string): string {
  return `${cageName(runId)}.scope`
}

/** Whether a directory is the cage of some guard. */
export function isCage(directory: string): boolean {
  return /\/go-build-guard-[0-9a-f]{12}(?:\.scope)?$/.test(directory)
}

/**
 * The variable by which the processes of a run are known where no cgroup keeps them together. The id is in the name, so
 * that a guard inside a guard adds its own and takes nothing away.
 */
export function markName(runId: string): string {
  return `GO_BUILD_GUARD_${checked(runId)}`
}

function checked(runId: string): string {
  if (!/^[0-9a-f]{12}$/.test(runId)) throw new Error('not a run id')
  return runId
}
