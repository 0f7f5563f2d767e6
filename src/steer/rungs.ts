import { goMemoryLimit } from '../model/bytes.ts'

/** How one tool is run, each slower and smaller than the one before. */
export type Rung = 'as it is' | 'soft limit' | 'GOGC=25' | 'GOGC=10' | 'swap'

/** What may be changed: what the user has set himself is left alone. */
export interface Levers {
  readonly memoryLimit: boolean
  readonly gcPercent: boolean
  /** Whether swap is closed to the build and can be opened, with something free in it. */
  readonly swap: boolean
}

export function rungsFor(levers: Levers): readonly Rung[] {
  return [
    'as it is',
    ...(levers.memoryLimit ? ['soft limit' as const] : []),
    ...(levers.gcPercent ? ['GOGC=25' as const, 'GOGC=10' as const] : []),
    ...(levers.swap ? ['swap' as const] : [])
  ]
}

/**
 * The rung on which a tool that died for memory is run again, alone; `null` where there is none left. One that had a limit
 * and company gets that rung once more: alone its limit is higher.
 */
export function rungAfter(levers: Levers, rung: Rung, wasAlone: boolean): Rung | null {
  const rungs = rungsFor(levers)
  if (!wasAlone && (rung !== 'as it is' || rungs.length === 1)) return rung
  return rungs[rungs.indexOf(rung) + 1] ?? null
}

/** Environment for that tool alone. GOGC=25 by itself lets a heap float that the limit would hold back for nothing. */
export function settingsOf(rung: Rung, limitBytes: number, levers: Levers): Readonly<Record<string, string>> {
  const limit = levers.memoryLimit ? { GOMEMLIMIT: goMemoryLimit(limitBytes) } : {}
  switch (rung) {
    case 'as it is':
    case 'swap':
      return {}
    case 'soft limit':
      return limit
    case 'GOGC=25':
      return { GOGC: '25' }
    case 'GOGC=10':
      return { ...limit, GOGC: '10' }
  }
}
