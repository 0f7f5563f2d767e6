import type { ControlFiles } from '../../src/ports/control-files.ts'
import type { MemoryFiles } from './memory-files.ts'

export interface CgroupTreeOptions {
  readonly means?: 'direct' | 'sudo'
  /** Refuses to change anything. */
  readonly isReadOnly?: boolean
  /** Makes everything, and lets no process in. */
  readonly isShut?: boolean
  /** What the kernel makes of a limit that is written. */
  readonly limitBecomes?: (text: string) => string
}

const CONTROL_FILES: Readonly<Record<'v1' | 'v2', Readonly<Record<string, string>>>> = {
  v2: {
    'cgroup.procs': '',
    'cgroup.kill': '',
    'cgroup.subtree_control': '\n',
    'memory.max': 'max\n',
    'memory.swap.max': 'max\n',
    'memory.events': 'low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\noom_group_kill 0\n',
    'memory.peak': '0\n',
    'memory.stat': 'anon 0\nfile 0\nkernel 0\nshmem 0\n'
  },
  v1: {
    'cgroup.procs': '',
    'memory.limit_in_bytes': '9223372036854771712\n',
    'memory.memsw.limit_in_bytes': '9223372036854771712\n',
    'memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 0\n',
    'memory.max_usage_in_bytes': '0\n',
    'memory.stat': 'cache 0\nrss 0\nshmem 0\ntotal_cache 0\ntotal_rss 0\ntotal_shmem 0\n'
  }
}

/** The part of a kernel that answers to cgroup files: what is written here is read from the files. */
export function cgroupTree(files: MemoryFiles, version: 'v1' | 'v2', options: CgroupTreeOptions = {}): ControlFiles {
  const refuse = (path: string): void => {
    if (options.isReadOnly) throw new Error(`EROFS: read-only file system, '${path}'`)
  }
  return {
    means: options.means ?? 'direct',
    async makeDirectory(path) {
      refuse(path)
      for (const [name, text] of Object.entries(CONTROL_FILES[version])) files.texts.set(`${path}/${name}`, text)
    },
    async write(path, text) {
      refuse(path)
      if (!files.texts.has(path)) throw new Error(`ENOENT: no such file or directory, '${path}'`)
      const directory = path.slice(0, path.lastIndexOf('/'))
      const name = path.slice(directory.length + 1)
      if (name === 'cgroup.procs') {
        if (options.isShut) throw new Error(`EACCES: permission denied, '${path}'`)
        moveInto(files, directory, text)
      } else if (name === 'cgroup.kill') files.texts.set(`${directory}/cgroup.procs`, '')
      else if (name === 'cgroup.subtree_control') handOn(files, directory, text)
      else if (/max$|limit_in_bytes$/.test(name)) files.texts.set(path, `${(options.limitBecomes ?? String)(text)}\n`)
    },
    async removeDirectory(path) {
      refuse(path)
      if (files.texts.get(`${path}/cgroup.procs`) !== '') throw new Error(`EBUSY: resource busy or locked, '${path}'`)
      for (const name of Object.keys(CONTROL_FILES[version])) files.texts.delete(`${path}/${name}`)
    },
    async kill() {},
    async callSystemd({ method }) {
      throw new Error(`busctl ${method}: spawn busctl ENOENT`)
    }
  }
}

/** A process is in one cgroup. */
export function moveInto(files: MemoryFiles, directory: string, pid: string): void {
  for (const [path, text] of files.texts) {
    if (path.endsWith('/cgroup.procs')) files.texts.set(path, text.replace(new RegExp(`^${pid}\n`, 'm'), ''))
  }
  const own = `${directory}/cgroup.procs`
  files.texts.set(own, `${files.texts.get(own) ?? ''}${pid}\n`)
}

/** No internal processes. */
function handOn(files: MemoryFiles, directory: string, text: string): void {
  if (files.texts.get(`${directory}/cgroup.procs`) !== '') throw new Error('EBUSY: resource busy or locked')
  files.texts.set(`${directory}/cgroup.subtree_control`, `${text.replace('+', '')}\n`)
}
