import { formatBytes, GIB } from '../../model/bytes.ts'
import { code, figure, type Prose, prose } from '../../model/prose.ts'
import { commandLine } from '../../model/settings.ts'
import { advice, type Check, distinct, type Hit } from '../definition.ts'
import type { ModFile } from '../mod-file.ts'
import type { Setup } from '../setup.ts'
import { buildingCalls, flagOf, isOn, moduleCalls } from '../variables.ts'
import { HEAVY_PACKAGES } from './heavy-packages.ts'

/** What one build action should have, as the plan reckons. */
const BYTES_PER_ACTION = 2 * GIB

/** Whether the smallest limit found leaves less than that for each action. */
export function isTight({ survey }: Setup): boolean {
  return survey.binding !== null && survey.binding.bytes < BYTES_PER_ACTION * survey.cpus
}

/** What in the command takes more memory than it has to, where memory is short. */
export const memoryMultiplied: Check = {
  id: 'preflight.memory-multiplied',
  title: 'The command multiplies memory, and memory is tight',
  why: 'The limit holds for all processes together, however many builds the command starts at once.',
  when: 'Said only where the smallest memory limit found is below 2 GiB for each build action: for `-a`, `-race`, `-msan`, `-asan`, for `-coverpkg` over several packages, for `make -j`, and for goreleaser without `--parallelism 1`.',
  examine: (setup) => {
    if (!isTight(setup)) return []
    const { binding, cpus } = setup.survey
    const limit = prose`${figure(formatBytes(binding?.bytes ?? 0))} for ${figure(cpus)} build actions at once`
    return distinct(
      [...flags(setup), ...runners(setup)].map(({ words, remedy }) => ({ found: `${words}; ${limit}.`, remedy }))
    )
  },
  links: [
    'https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies',
    'https://go.dev/doc/articles/race_detector#Runtime_Overheads'
  ]
}

/** A requirement whose packages are known to need more than there is. */
export const heavyPackage: Check = {
  id: 'preflight.heavy-package',
  title: 'A required package is known to need more memory than there is',
  why: 'One compiler works on one package: less parallelism does not make it smaller.',
  when: `Said where a file of the module, no test and without build constraints, imports one of these packages, go.mod requires it, and the smallest memory limit found is below what one compiler was measured to hold for it: ${HEAVY_PACKAGES.map(({ package: name, bytes }) => `\`${name}\` ${formatBytes(bytes)}`).join(', ')} (Go 1.26.8, linux/amd64, two processors, \`-p 1\`, nothing set).`,
  examine: (setup) =>
    distinct(moduleCalls(setup).flatMap(({ place: { module } }) => (module === null ? [] : heavyIn(setup, module)))),
  links: ['https://github.com/golang/go/issues/79444']
}

interface Multiplier {
  readonly words: Prose
  readonly remedy: Hit['remedy']
}

function flags(setup: Setup): readonly Multiplier[] {
  return buildingCalls(setup).flatMap((call) => {
    const found: Multiplier[] = []
    const rebuild = flagOf(setup, call, 'a')
    const cover = flagOf(setup, call, 'coverpkg')
    const name = ['race', 'msan', 'asan'].find((one) => isOn(flagOf(setup, call, one)))
    const race = name === undefined ? null : flagOf(setup, call, name)
    if (rebuild !== null && isOn(rebuild)) {
      found.push({
        words: `${rebuild.words}${prose`: every package is compiled again, the library included`}`,
        remedy: advice(prose`take ${code('-a')} out: Go knows what has changed.`)
      })
    }
    if (race !== null) {
      found.push({
        words: `${race.words}${prose`: code and data grow, and nothing of a plain build is used again`}`,
        remedy: advice(prose`run it in a job of its own, or with ${code('-p 1')}.`)
      })
    }
    if (cover !== null && /\.\.\.|,/.test(cover.value)) {
      found.push({
        words: `${cover.words}${prose`: each test program is linked with all of these packages`}`,
        remedy: advice(prose`cover the package under test alone, or run with ${code('-p 1')}.`)
      })
    }
    return found
  })
}

function runners({ settings }: Setup): readonly Multiplier[] {
  const script = commandLine(settings.command)
  const jobs = /(?:^|[\s;&])g?make\s(?:[^\n;&|]*\s)?(-j\s*\d*|--jobs(?:=\d+)?)(?=\s|$)/.exec(script)?.[1]?.trim()
  const found: Multiplier[] = []
  if (jobs !== undefined && !/^(?:-j\s*|--jobs=)1$/.test(jobs)) {
    found.push({
      words: prose`${code(`make ${jobs}`)}: each ${code('go build')} that it starts at once takes all processors for itself`,
      remedy: advice(prose`let make run one at a time (${code('-j1')}), or set ${code('GOFLAGS=-p=1')}.`)
    })
  }
  if (
    /(?:^|[\s;&])goreleaser\s+(?:release|build)\b/.test(script) &&
    !/--parallelism[= ]|(?:^|\s)-p[= ]?\d/.test(script)
  ) {
    found.push({
      words: prose`${code('goreleaser')} builds as many targets at once as there are processors`,
      remedy: advice(prose`let it build one at a time: ${code('goreleaser release --parallelism 1')}.`)
    })
  }
  return found
}

function heavyIn({ survey, sources }: Setup, module: ModFile): readonly Hit[] {
  const limit = survey.binding?.bytes ?? null
  if (limit === null) return []
  return module.requires.flatMap(({ path, line }) => {
    const heavy = HEAVY_PACKAGES.find((one) => one.module === path)
    if (heavy === undefined || heavy.bytes <= limit) return []
    const importer = sources?.find(
      ({ imports, isTest, isConstrained }) => imports.includes(heavy.package) && !isTest && !isConstrained
    )
    if (importer === undefined) return []
    return [
      {
        found: prose`${code(importer.file)} imports ${code(heavy.package)}; one compiler held ${figure(formatBytes(heavy.bytes))} for it where it was measured, and the limit is ${figure(formatBytes(limit))}.`,
        remedy: advice(
          prose`build on a machine with more memory, or give the Go tools less to keep: ${code('go-memory-limit')} makes them slower and smaller, without a guarantee.`
        ),
        place: { file: module.file, line }
      }
    ]
  })
}
