import { posix, win32 } from 'node:path'
import type { Reading } from '../model/reading.ts'
import type { Disk, GoInstallation } from '../model/survey.ts'
import type { Files } from '../ports/files.ts'

export interface DiskPlaces {
  readonly platform: NodeJS.Platform
  readonly environment: Readonly<Record<string, string>>
  readonly workingDirectory: string
  readonly go: Reading<GoInstallation>
}

/** Free space where a build writes: its sources, the Go build cache, and the directory for temporary files. */
export function readDisks(files: Files, root: string, places: DiskPlaces): readonly Disk[] {
  const paths = [
    { role: 'workspace', path: places.workingDirectory },
    { role: 'GOCACHE', path: goVariable(places.go, 'GOCACHE') ?? '' },
    { role: 'TMPDIR', path: temporaryDirectory(places) }
  ] as const
  const { dirname } = places.platform === 'win32' ? win32 : posix
  return paths
    .filter(({ path }) => path !== '' && path !== 'off')
    .map(({ role, path }) => {
      const space = files.freeSpace(existing(files, root, path, dirname))
      return { role, path, freeBytes: space.bytes, freeInodes: space.inodes }
    })
}

/** As cmd/go chooses it: GOTMPDIR, else what the system calls its temporary directory (os.TempDir). */
function temporaryDirectory({ platform, environment, go }: DiskPlaces): string {
  const own = goVariable(go, 'GOTMPDIR')
  if (own !== null && own !== '') return own
  if (platform === 'win32') return environment['TMP'] || environment['TEMP'] || environment['USERPROFILE'] || ''
  return environment['TMPDIR'] || '/tmp'
}

function goVariable(go: Reading<GoInstallation>, name: string): string | null {
  return go.kind === 'value' ? (go.value.env[name] ?? null) : null
}

/** The path or, where it is yet to be made, the nearest directory above it: both are on the same file system. */
function existing(files: Files, root: string, path: string, dirname: (path: string) => string): string {
  let candidate = path
  while (!files.exists(root + candidate) && dirname(candidate) !== candidate) candidate = dirname(candidate)
  return root + candidate
}
