import type { LimitReading, Reading } from '../model/reading.ts'
import type {
  BindingLimit,
  CgroupLevel,
  CgroupSurvey,
  Disk,
  GoInstallation,
  HostMemory,
  Killers,
  LimitFinding,
  Pressure,
  ResourceLimit,
  Survey
} from '../model/survey.ts'
import { amount, byKind, type Check, flag, list, nullable, number, object, oneOf, record, text } from './check.ts'

const SOME = 1000

type Absent = { readonly kind: 'absent' }
type Unreadable = { readonly kind: 'unreadable'; readonly reason: string }

/** The three answers of a reading, told apart by `kind`. */
export function reading<T>(of: Check<T>): Check<Reading<T>> {
  return byKind<Reading<T>>({
    value: object<{ readonly kind: 'value'; readonly value: T }>({ kind: oneOf('value'), value: of }),
    absent: object<Absent>({ kind: oneOf('absent') }),
    unreadable: object<Unreadable>({ kind: oneOf('unreadable'), reason: text })
  })
}

const unlimited: Check<LimitReading> = object<{ readonly kind: 'unlimited' }>({ kind: oneOf('unlimited') })
const readLimit: Check<LimitReading> = reading(amount)

/** A limit may also say that it limits nothing. */
const limit: Check<LimitReading> = (input, at) => (unlimited(input, at) === null ? null : readLimit(input, at))

const source = oneOf('cgroup-v2', 'cgroup-v1', 'host', 'commit')

const host = object<HostMemory>({
  totalBytes: reading(amount),
  availableBytes: reading(amount),
  swapTotalBytes: reading(amount),
  swapFreeBytes: reading(amount)
})

const level = object<CgroupLevel>({
  directory: text,
  limitBytes: limit,
  highBytes: limit,
  swapLimitBytes: limit,
  usedBytes: reading(amount),
  killsAsGroup: reading(flag)
})

const cgroup = object<CgroupSurvey>({
  version: oneOf('v1', 'v2', 'none'),
  isHybrid: flag,
  path: reading(text),
  mountPoint: nullable(text),
  directory: nullable(text),
  levels: list(level, SOME)
})

const killers = object<Killers>({
  oomScoreAdj: reading(number),
  systemdOomd: reading(flag),
  earlyoom: reading(flag)
})

export const disk = object<Disk>({
  role: oneOf('workspace', 'GOCACHE', 'TMPDIR'),
  path: text,
  freeBytes: reading(amount),
  freeInodes: reading(amount)
})

/** What the machine gave, field by field as in the model. */
export const survey = object<Survey>({
  platform: oneOf(
    'aix',
    'android',
    'cygwin',
    'darwin',
    'freebsd',
    'haiku',
    'linux',
    'netbsd',
    'openbsd',
    'sunos',
    'win32'
  ),
  cpus: amount,
  host,
  cgroup,
  limits: list(object<LimitFinding>({ source, file: text, limit }), SOME),
  binding: nullable(object<BindingLimit>({ source, file: text, bytes: amount, usedByOthersBytes: number })),
  pressure: reading(
    object<Pressure>({ someAvg10: number, fullAvg10: number, someTotalUs: amount, fullTotalUs: amount })
  ),
  rlimits: list(object<ResourceLimit>({ name: text, soft: limit, hard: limit, unit: text }), SOME),
  killers,
  disks: list(disk, SOME),
  go: reading(
    object<GoInstallation>({
      version: text,
      minor: nullable(amount),
      mainModule: nullable(text),
      env: record(text, SOME)
    })
  )
})
