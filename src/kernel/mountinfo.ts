export interface Mount {
  /** The directory of the file system that is mounted; for cgroups relative to our cgroup namespace. */
  readonly root: string
  readonly mountPoint: string
  /** Of this mount alone: `rw`, `noexec`, … */
  readonly options: readonly string[]
  readonly fileSystem: string
  readonly superOptions: readonly string[]
}

/** Fields before the optional ones, and with them the first place where ` - ` can stand. */
const FIXED_FIELDS = 6

/**
 * `/proc/self/mountinfo` (proc_pid_mountinfo(5)); any number of optional fields stands before the `-`, space, tab,
 * line break and backslash are written in octal:
 *
 *     35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory
 */
export function parseMountinfo(text: string): readonly Mount[] {
  return text.split('\n').flatMap((line) => {
    const fields = line.split(' ')
    const separator = fields.indexOf('-', FIXED_FIELDS)
    const [root, mountPoint] = fields.slice(3, 5)
    if (separator < 0 || root === undefined || mountPoint === undefined) return []
    return [
      {
        root: unescapeOctal(root),
        mountPoint: unescapeOctal(mountPoint),
        options: (fields[5] ?? '').split(','),
        fileSystem: fields[separator + 1] ?? '',
        superOptions: fields
          .slice(separator + 3)
          .join(' ')
          .split(',')
      }
    ]
  })
}

function unescapeOctal(field: string): string {
  return field.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))
}

/** Mounts of the tree that limits memory: v1's with the `memory` controller, or any of v2. */
export function memoryMounts(mounts: readonly Mount[], version: 'v1' | 'v2'): readonly Mount[] {
  return mounts.filter((mount) =>
    version === 'v2'
      ? mount.fileSystem === 'cgroup2'
      : mount.fileSystem === 'cgroup' && mount.superOptions.includes('memory')
  )
}

/**
 * The directory of a cgroup in a mount; `null` where the mount does not show it: its root is another branch (`/fo` is
 * not above `/foo/bar`), or the cgroup lies outside our namespace.
 */
export function directoryIn(mount: Mount, cgroupPath: string): string | null {
  const root = mount.root === '/' ? '' : mount.root
  if (cgroupPath !== root && !cgroupPath.startsWith(`${root}/`)) return null
  const below = cgroupPath.slice(root.length)
  if (/^\/\.\.(?:\/|$)/.test(below)) return null
  return joinBelow(mount.mountPoint, below)
}

/**
 * Whether the mount's root is above a cgroup that the mount cannot name: a mount from before we entered our cgroup
 * namespace has the root `/../..`. What is read at its mount point limits us all the same.
 */
export function isAbove(mount: Mount, cgroupPath: string): boolean {
  return /^(?:\/\.\.)+$/.test(mount.root) && stepsUp(mount.root) >= stepsUp(cgroupPath)
}

function stepsUp(path: string): number {
  return (/^(?:\/\.\.(?=\/|$))*/.exec(path)?.[0].length ?? 0) / '/..'.length
}

function joinBelow(mountPoint: string, below: string): string {
  const directory = `${mountPoint === '/' ? '' : mountPoint}${below === '/' ? '' : below}`
  return directory === '' ? '/' : directory
}
