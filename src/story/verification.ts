import { dirname, join, posix, win32 } from 'node:path'
import type { LineListener } from '../diagnose/stream-scanner.ts'
import type { Caution } from '../model/caution.ts'
import { known } from '../model/reading.ts'
import { type GoCall, goCalls } from '../plan/go-calls.ts'
import { isRepeatable } from '../plan/go-commands.ts'
import type { Clock } from '../ports/clock.ts'
import type { Processes } from '../ports/processes.ts'
import type { Setup } from '../preflight/setup.ts'
import { flagOf, goFlags, isOn, knownVariable } from '../preflight/variables.ts'
import { parseBuildInfo } from '../verify/build-info.ts'
import { verify } from '../verify/catalogue.ts'
import type { Asked, GreenRun, Program, TestCall } from '../verify/green-run.ts'
import { OutputCounter, type OutputTally } from '../verify/output-tally.ts'
import { readSetup } from './read-setup.ts'
import type { SetupWorld } from './setup-world.ts'

/** For reading go.mod and sources once more, and for all calls of `go version -m` together. */
const READING_MS = 300
const VERSION_MS = 2000
const MOST_PROGRAMS = 8

export type VerificationWorld = SetupWorld & { readonly clock: Clock; readonly processes: Processes }

/** Looks at what a command that ended well has left, if it is a build. */
export interface Verification {
  /** Called before each attempt: a new count of its output. Returns what hears each of its lines. */
  hearing(): LineListener
  /** Called once after the last attempt ended well. Never rejects. */
  verdict(kills: number | null): Promise<readonly Caution[]>
}

const SILENCE: Verification = { hearing: () => () => {}, verdict: async () => [] }

/** Notes at once which programs are there before the build. */
export function verification(world: VerificationWorld, sources: () => Setup['sources'] = () => null): Verification {
  if (world.settings.verifyOutput === 'off') return SILENCE
  const { command } = world.settings
  const calls = goCalls(command, world.workingDirectory, world.place.platform)
  const targets = calls === null || !isRepeatable(command) ? [] : calls.flatMap((call) => targetOf(world, call))
  const before = new Map(targets.map(({ path }) => [path, modified(world, path)]))
  let counter = new OutputCounter()
  return {
    hearing() {
      counter = new OutputCounter()
      return (bytes, start, end) => counter.hear(bytes, start, end)
    },
    async verdict(kills) {
      try {
        const output = counter.tally()
        if (calls?.length === 0 && isSilent(output)) return verify({ ...NOTHING_BUILT, output, kills })
        const setup = await setupAfter(world, sources())
        const programs = await readPrograms(world, setup, targets, before)
        const pointers = calls?.some(({ verb }) => BUILDS.has(verb)) === true ? pointersIn(world, setup) : []
        return verify({ output, kills, testCalls: testCallsOf(calls), programs, pointers })
      } catch {
        return []
      }
    }
  }
}

const BUILDS = new Set(['build', 'install', 'test'])
const NOTHING_BUILT: Omit<GreenRun, 'output' | 'kills'> = { testCalls: null, programs: [], pointers: [] }

function isSilent({ emptyPatterns, withoutTests, withoutMatch, skipped }: OutputTally): boolean {
  return emptyPatterns.length + withoutTests + withoutMatch + skipped === 0
}

interface Target {
  readonly name: string
  readonly path: string
  readonly isNamed: boolean
  readonly call: GoCall
}

/** The file that a `go build` writes: `-o FILE`, or for a single package the last element of its directory or path. */
function targetOf(world: VerificationWorld, call: GoCall): readonly Target[] {
  const { join: joined, isAbsolute } = world.place.platform === 'win32' ? win32 : posix
  const { o: name } = call.flags
  if (call.verb !== 'build' || call.flags['n'] !== undefined || name === null) return []
  if (name !== undefined) {
    const path = isAbsolute(name) ? name : joined(call.directory, name)
    const isElsewhere =
      /^(?:\/dev\/null|NUL|-)$/.test(name) || /[\\/]$/.test(name) || known(stat(world, path))?.isDirectory === true
    return isElsewhere ? [] : [{ name, path, isNamed: true, call }]
  }
  const [operand = '.', ...others] = call.operands
  if (others.length > 0 || operand === null || !/^\.(?:\/[\w./-]+)?$/.test(operand) || operand.includes('...'))
    return []
  const module = known(world.files.readText(world.place.root + joined(call.directory, 'go.mod')))
  const path = operand === '.' ? /^module\s+"?([^\s"]+)/m.exec(module ?? '')?.[1] : operand
  const last = path
    ?.replace(/\/+$/, '')
    .replace(/\/v\d+$/, '')
    .split('/')
    .at(-1)
  if (last === undefined || last === '.' || last === '..') return []
  return [{ name: last, path: joined(call.directory, last), isNamed: false, call }]
}

function stat({ files, place }: VerificationWorld, path: string) {
  return files.stat(place.root + path)
}

function modified(world: VerificationWorld, path: string): number | null {
  return known(stat(world, path))?.modifiedMs ?? null
}

async function setupAfter(world: VerificationWorld, sources: Setup['sources']): Promise<Setup> {
  const startMs = world.clock.nowMs()
  const breathe = async (): Promise<boolean> => {
    await world.clock.sleep(0)
    return world.clock.nowMs() - startMs < READING_MS
  }
  return (await readSetup(world, breathe, sources)).setup
}

async function readPrograms(
  world: VerificationWorld,
  setup: Setup,
  targets: readonly Target[],
  before: ReadonlyMap<string, number | null>
): Promise<readonly Program[]> {
  const programs: Program[] = []
  const startMs = world.clock.nowMs()
  for (const { name, path, isNamed, call } of targets.slice(0, MOST_PROGRAMS)) {
    const now = modified(world, path)
    const isNew = now !== null && now !== before.get(path)
    const leftMs = VERSION_MS - (world.clock.nowMs() - startMs)
    // What is not named by -o may be anything of that name.
    if (!isNamed && !isNew) continue
    const info = isNew && leftMs > 0 ? await buildInfo(world, path, leftMs) : null
    programs.push({ name, isNamed, isThere: now !== null, isNew, info, asked: askedOf(setup, call) })
  }
  return programs
}

async function buildInfo({ processes, environment }: VerificationWorld, path: string, deadlineMs: number) {
  const answer = await processes.run('go', ['version', '-m', path], {
    cwd: dirname(path),
    environment: { ...environment, GOTOOLCHAIN: 'local', GOPROXY: 'off' },
    deadlineMs
  })
  return answer.code === 0 ? parseBuildInfo(answer.stdout) : null
}

function askedOf(setup: Setup, { verb, flags, directory, unexported }: GoCall): Asked {
  const call = setup.calls?.find(
    (one) => one.directory === directory && one.verb === verb && one.flags['o'] === flags['o']
  )
  if (call === undefined) {
    return { unexported, writtenFlags: null, otherModFile: null, isStampWanted: false, requires: [] }
  }
  const variable = knownVariable(setup, call, 'GOFLAGS')
  const hasOtherFile = goFlags(variable?.value ?? '').some((flag) => /^--?modfile=/.test(flag))
  const isOwnChoice = flags['modfile'] !== undefined || call.place.workspace !== null
  return {
    unexported,
    writtenFlags: variable?.setBy === 'go env -w' ? variable : null,
    otherModFile: hasOtherFile ? variable : null,
    isStampWanted: isOn(flagOf(setup, call, 'buildvcs')) && flagOf(setup, call, 'buildvcs')?.value !== 'auto',
    requires: isOwnChoice ? [] : (call.place.module?.requires ?? [])
  }
}

/** `null` where the command cannot be read, or runs no `go test` itself. */
function testCallsOf(calls: readonly GoCall[] | null): readonly TestCall[] | null {
  const tests = (calls ?? []).filter(
    ({ verb, flags }) => verb === 'test' && flags['c'] === undefined && flags['list'] === undefined
  )
  if (tests.length === 0 || tests.some(({ flags }) => flags['run'] === null)) return null
  return tests.map(({ flags }) => ({ run: flags['run'] ?? null, hasBenchmarks: 'bench' in flags || 'fuzz' in flags }))
}

/** A pointer has three lines and less than this (git-lfs/docs/spec.md: under 1024 bytes). */
const POINTER_BYTES = 1024
const MOST_EMBEDDED = 500

function pointersIn(world: VerificationWorld, { sources }: Setup): GreenRun['pointers'] {
  let looked = 0
  return (sources ?? []).flatMap(({ file, embeds, isTest, isConstrained }) => {
    if (isTest || isConstrained) return []
    return embeds.flatMap(({ pattern, line }) => {
      const found = embedded(world, dirname(file), pattern).find(
        (path) => looked++ < MOST_EMBEDDED && isPointer(world, path)
      )
      return found === undefined ? [] : [{ file: found, source: file, line }]
    })
  })
}

/** A file by its name, the files of a directory, or those that a `*` in the last element takes. */
function embedded(world: VerificationWorld, home: string, pattern: string): readonly string[] {
  const path = join(home, pattern.replace(/^all:/, ''))
  const isDirectory = known(stat(world, path))?.isDirectory
  if (isDirectory === false) return [path]
  const directory = isDirectory === true ? path : dirname(path)
  const last = path.slice(directory.length + 1)
  const form = new RegExp(
    `^${last
      .replaceAll(/[.+^${}()|\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`
  )
  const names = known(world.files.list(world.place.root + directory)) ?? []
  return names.filter((name) => isDirectory === true || form.test(name)).map((name) => join(directory, name))
}

function isPointer(world: VerificationWorld, path: string): boolean {
  const found = known(stat(world, path))
  if (found === null || found.isDirectory || found.sizeBytes === 0 || found.sizeBytes >= POINTER_BYTES) return false
  const text = known(world.files.readText(world.place.root + path)) ?? ''
  return /^version https:\/\/git-lfs\.github\.com\/spec\/v1\n(?:.*\n)*oid sha256:[0-9a-f]{64}\nsize \d+\n?$/.test(text)
}
