import type { Caution } from '../model/caution.ts'
import { code, figure, prose } from '../model/prose.ts'
import { type SilentDefinition, silentCaution } from './definition.ts'
import type { GreenRun } from './green-run.ts'
import { noStamp, notBuilt, olderModule, wrongFlags, wrongTarget } from './programs.ts'
import { noPackages, noTests, noTestsRun, testsSkipped } from './tests.ts'

/** The kernel killed a process, and nobody noticed. */
const killed: SilentDefinition = {
  id: 'silent.killed',
  title: 'A process was killed for memory, and the command ended well',
  why: 'What it should have done was left out or done again; next time it may be the process that matters.',
  meaning:
    "The kernel's own counter of the build's cgroup rose: a process of the build was killed for memory, and the command ended with status 0 all the same. A tool that starts another one again, a test that expects its child to die, or a script that does not look at a status hides it. Known only where the build has a cgroup of its own.",
  judge: ({ kills }) =>
    kills === null || kills === 0
      ? []
      : [
          {
            found: prose`${figure(kills)} ${figure(kills === 1 ? 'process' : 'processes')} of the build killed for memory (${code('oom_kill')} of its cgroup).`,
            remedy: {
              text: prose`run fewer at once, and see whether the counter stays at zero:`,
              snippet: { language: 'yaml', lines: ['with:', '  parallelism: 1'] }
            }
          }
        ],
  catches: [{ command: 'make build', prints: '', run: { kills: 1 } }],
  ignores: [
    { command: 'make build', prints: '', run: { kills: 0 } },
    { command: 'make build', prints: '', run: { kills: null } }
  ],
  links: ['https://docs.kernel.org/admin-guide/cgroup-v2.html#memory-interface-files']
}

/** A pointer of Git LFS in place of the file. */
const embeddedPointer: SilentDefinition = {
  id: 'silent.embed-pointer',
  title: 'A pointer of Git LFS is embedded in place of the file',
  why: 'The program holds the three lines of the pointer where the file should be.',
  meaning:
    'A `//go:embed` takes in what is there. Without `lfs: true` a checkout leaves a small text, the pointer, in place of each file that Git LFS holds, and Go embeds that without a word.',
  judge: ({ pointers }) =>
    pointers.slice(0, 3).map(({ file, source, line }) => ({
      found: prose`${code(file)} is a pointer of Git LFS.`,
      remedy: {
        text: prose`check the files out as well:`,
        snippet: { language: 'yaml', lines: ['- uses: actions/checkout@v6', '  with:', '    lfs: true'] }
      },
      place: { file: source, line }
    })),
  catches: [
    {
      command: 'go build ./...',
      prints: '',
      run: { pointers: [{ file: 'static/logo.png', source: '/work/app/main.go', line: 7 }] }
    }
  ],
  ignores: [{ command: 'go build ./...', prints: '', run: { pointers: [] } }],
  links: [
    'https://pkg.go.dev/embed',
    'https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md#the-pointer',
    'https://github.com/actions/checkout#usage'
  ]
}

/** Every way to be green and wrong, in the order in which findings are shown. */
export const SILENT: readonly SilentDefinition[] = [
  killed,
  notBuilt,
  wrongTarget,
  wrongFlags,
  olderModule,
  noStamp,
  embeddedPointer,
  noPackages,
  noTests,
  noTestsRun,
  testsSkipped
]

/** What is wrong with a run that ended well. */
export function verify(run: GreenRun): readonly Caution[] {
  return SILENT.flatMap((definition) => definition.judge(run).map((hit) => silentCaution(definition, hit)))
}
