/**
 * Orders releases of Go as cmd/go does (internal/gover): 1.21 < 1.21rc1 < 1.21.0 < 1.21.1, and before 1.21 a missing
 * patch is 0. `null` where one of them is no release: a development version says nothing.
 */
export function compareGoReleases(a: string, b: string): number | null {
  const x = releaseOf(a)
  const y = releaseOf(b)
  return x === null || y === null ? null : firstDifference(x, y)
}

const LANGUAGE = -3
const PRE_RELEASES: Readonly<Record<string, number>> = { beta: -2, rc: -1 }

/** `go1.26.8`, `1.21`, `1.22rc1` as major, minor, kind or patch, number of a pre-release. */
function releaseOf(text: string): readonly number[] | null {
  const [, major, minor, patch, kind, number] =
    /^(?:go)?(\d+)\.(\d+)(?:\.(\d+)|(beta|rc)(\d+))?(?![\d.])/.exec(text) ?? []
  if (major === undefined || minor === undefined) return null
  const numbers = [Number(major), Number(minor)]
  if (kind !== undefined) return [...numbers, PRE_RELEASES[kind] ?? 0, Number(number)]
  if (patch !== undefined) return [...numbers, Number(patch), 0]
  return [...numbers, Number(minor) < 21 ? 0 : LANGUAGE, 0]
}

/** Orders `v1.2.3-pre` by semver.org, build metadata left out; `null` where one of them is no version. */
export function compareModuleVersions(a: string, b: string): number | null {
  const x = versionOf(a)
  const y = versionOf(b)
  if (x === null || y === null) return null
  const numbers = firstDifference(x.numbers, y.numbers)
  if (numbers !== 0) return numbers
  if (x.pre === null || y.pre === null) return x.pre === y.pre ? 0 : x.pre === null ? 1 : -1
  return comparePreReleases(x.pre.split('.'), y.pre.split('.'))
}

function versionOf(text: string): { readonly numbers: readonly number[]; readonly pre: string | null } | null {
  const [, major, minor, patch, pre = null] =
    /^v(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[\w.-]+)?$/.exec(text) ?? []
  return major === undefined ? null : { numbers: [major, minor, patch].map(Number), pre }
}

function comparePreReleases(x: readonly string[], y: readonly string[]): number {
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const [one = '', other = ''] = [x[i], y[i]]
    if (one === other) continue
    const areNumbers = [one, other].map((part) => /^\d+$/.test(part))
    if (areNumbers[0] && areNumbers[1]) return Math.sign(Number(one) - Number(other))
    if (areNumbers[0] !== areNumbers[1]) return areNumbers[0] ? -1 : 1
    return one < other ? -1 : 1
  }
  return Math.sign(x.length - y.length)
}

function firstDifference(x: readonly number[], y: readonly number[]): number {
  for (let i = 0; i < x.length; i++) {
    const difference = (x[i] ?? 0) - (y[i] ?? 0)
    if (difference !== 0) return Math.sign(difference)
  }
  return 0
}
