export interface CgroupEntry {
  /** Controllers bound to this v1 hierarchy (`memory`, `name=systemd`); empty for v2. */
  readonly controllers: readonly string[]
  readonly isV2: boolean
  /** Below the root of our cgroup namespace; begins with `/..` where it is outside of it. */
  readonly path: string
}

/**
 * `/proc/self/cgroup` (cgroups(7)), `id:controllers:path`; the path may contain colons and spaces:
 *
 *     4:memory:/docker/0b9f…
 *     0::/system.slice/hosted-compute-agent.service
 */
export function parseProcCgroup(text: string): readonly CgroupEntry[] {
  return text.split('\n').flatMap((line) => {
    const [, id, controllers, path] = /^(\d+):([^:]*):(\/.*)$/.exec(line) ?? []
    if (id === undefined || controllers === undefined || path === undefined) return []
    const isV2 = id === '0' && controllers === ''
    return [{ controllers: controllers === '' ? [] : controllers.split(','), isV2, path }]
  })
}
