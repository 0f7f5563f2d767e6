import { code, figure, prose } from '../../model/prose.ts'
import { advice, type Check, distinct, type Hit, resetVariable } from '../definition.ts'
import { replacementFor } from '../mod-file.ts'
import type { Call, Setup } from '../setup.ts'
import { knownVariable, moduleCalls, type Variable } from '../variables.ts'
import { usesVendor } from './modules.ts'

/** GOPROXY that Go cannot read, or reads only in part. */
export const proxyList: Check = {
  id: 'preflight.proxy',
  title: 'GOPROXY does not say what it seems to',
  why: 'Go refuses a list with an entry that is no address, and asks nobody after `direct` or `off`.',
  when: 'Said for an entry of GOPROXY that is neither `direct` nor `off` nor an address with http, https or file (an address without scheme counts as https), and for entries behind `direct` or `off`.',
  examine: (setup) => {
    const variable = knownVariable(setup, null, 'GOPROXY')
    if (variable === null || setup.go === null) return []
    const entries = variable.value
      .split(/[,|]/)
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '')
    const wrong = entries.find((entry) => !isProxy(entry))
    if (wrong !== undefined) return [hitOf(variable, prose`${code(hidden(wrong))} is no address of a proxy`)]
    const end = entries.findIndex((entry) => entry === 'direct' || entry === 'off')
    const behind = end < 0 ? [] : entries.slice(end + 1)
    if (behind.length === 0) return []
    return [
      hitOf(
        variable,
        prose`${code(behind.map(hidden).join(','))} stands behind ${code(entries[end] ?? '')} and is never asked`
      )
    ]
  },
  links: ['https://go.dev/ref/mod#goproxy-protocol', 'https://go.dev/ref/mod#environment-variables']
}

/** Patterns of private modules that match nothing. */
export const privatePattern: Check = {
  id: 'preflight.private-pattern',
  title: 'A pattern of private modules matches nothing',
  why: 'A private module that no pattern matches is asked from the public proxy and checksum database, which learn its name and do not have it.',
  when: 'Said for an entry of GOPRIVATE, GONOPROXY or GONOSUMDB that begins with a scheme (`https://`), holds a blank, or ends in `/...`: patterns are prefixes of module paths with `*`, separated by commas alone.',
  examine: (setup) =>
    ['GOPRIVATE', 'GONOPROXY', 'GONOSUMDB'].flatMap((name) => {
      const variable = knownVariable(setup, null, name)
      const entries = variable?.value.split(',') ?? []
      const wrong = entries.find((entry) => /^[a-z+]+:\/\/|\s|\/\.\.\.$/.test(entry) && entry.trim() !== '')
      if (variable === null || wrong === undefined) return []
      const right = entries
        .map((entry) =>
          entry
            .trim()
            .replace(/^[a-z+]+:\/\//, '')
            .replace(/\/\.\.\.$/, '')
        )
        .join(',')
      return [
        {
          found: `${variable.words}${prose`: ${code(`"${wrong}"`)} is the beginning of no module path.`}`,
          remedy: resetVariable(name, variable, right)
        }
      ]
    }),
  links: ['https://go.dev/ref/mod#private-modules', 'https://pkg.go.dev/golang.org/x/mod/module#MatchPrefixPatterns']
}

/** GOSUMDB that names no database. */
export const sumDatabase: Check = {
  id: 'preflight.sumdb',
  title: 'GOSUMDB names no checksum database',
  why: 'Go verifies every new module against that database, and stops where it cannot be told which one it is.',
  when: 'Said where GOSUMDB is one word that is neither `off`, nor a name that Go knows a key of, nor a key (`name+hash+key`).',
  examine: (setup) => {
    const variable = knownVariable(setup, null, 'GOSUMDB')
    const [key = ''] = variable?.value.trim().split(/\s+/) ?? []
    if (variable === null || key === 'off' || KNOWN_DATABASES.has(key) || /^[^+]+\+[0-9a-f]+\+\S+$/.test(key)) return []
    return [
      {
        found: `${variable.words}.`,
        remedy: resetVariable('GOSUMDB', variable, /^(?:0|no|false|none|disabled?)$/i.test(key) ? 'off' : null)
      }
    ]
  },
  links: ['https://go.dev/ref/mod#environment-variables']
}

/** cmd/go/internal/modfetch/key.go, and the alias in sumdb.go. */
const KNOWN_DATABASES = new Set(
  [
    ['golang', 'org'],
    ['golang', 'google', 'cn']
  ].map((parts) => ['sum', ...parts].join('.'))
)

/** Nothing may be fetched, and something would have to be. */
export const proxyOff: Check = {
  id: 'preflight.proxy-off',
  title: 'GOPROXY is off, and a module is not in the cache',
  why: 'With GOPROXY=off Go takes modules from the module cache alone.',
  when: 'Said where the effective GOPROXY is `off`, and a module that go.mod requires directly is neither in the module cache, nor replaced, nor vendored.',
  examine: (setup) => distinct(moduleCalls(setup).flatMap((call) => notToBeHad(setup, call))),
  links: ['https://go.dev/ref/mod#module-cache', 'https://go.dev/ref/mod#environment-variables']
}

function hitOf(variable: Variable, why: string): Hit {
  return {
    found: `${variable.words}: ${why}.`,
    remedy: resetVariable('GOPROXY', variable, null)
  }
}

/** cmd/go/internal/modfetch/proxy.go: an address without `:/` that is not absolute gets `https://`. */
function isProxy(entry: string): boolean {
  if (entry === 'direct' || entry === 'off') return true
  if (/[.:/]/.test(entry) && !entry.includes(':/') && !entry.startsWith('/')) return true
  return /^(?:https?|file):\/\//i.test(entry)
}

function hidden(address: string): string {
  return address.replace(/:\/\/[^/@\s]*@/, '://***@')
}

function notToBeHad(setup: Setup, call: Call): readonly Hit[] {
  const { module, workspace, uncachedModules } = call.place
  const variable = knownVariable(setup, call, 'GOPROXY')
  if (variable?.value !== 'off' || module === null || uncachedModules === null || usesVendor(setup, call)) return []
  if (workspace !== null) return []
  const missing = module.requires.filter((requirement) => {
    const { path, version } =
      replacementFor(module.replaces, requirement) === null ? requirement : { path: '', version: '' }
    return !requirement.isIndirect && uncachedModules.has(`${path}@${version}`)
  })
  const [first] = missing
  if (first === undefined) return []
  const more = missing.length > 1 ? prose` and ${figure(missing.length - 1)} more` : ''
  return [
    {
      found: `${variable.words}; ${prose`${code(`${first.path}@${first.version}`)}`}${more}${missing.length > 1 ? ' are' : ' is'} not in the module cache.`,
      remedy: advice(prose`restore the module cache before the build, or leave GOPROXY as it is by itself.`),
      place: { file: module.file, line: first.line }
    }
  ]
}
