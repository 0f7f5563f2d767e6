/** Every cgroup of ours is called so, whoever made it: what is found under this name may be removed, nothing else. */
const PREFIX = 'go-build-guard-'

/** The name for a checked run id: 12 hexadecimal digits. Throws on anything else, since it becomes part of a path. */
export function cageName(runId: string): string {
  if (!/^[0-9a-f]{12}$/.test(runId)) throw new Error('not a run id')
  return PREFIX + runId
}
