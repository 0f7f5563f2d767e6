import { prose } from '../../model/prose.ts'
import { ASSERTED } from '../assertion.ts'
import { commands, type Definition, decidedByWording } from '../definition.ts'

/** Go wants to note the commit in the program, and git does not tell. */
export const vcsStamping: Definition = decidedByWording({
  id: 'vcs.stamping',
  title: 'Version control stamping failed',
  meaning:
    'Since Go 1.18 a build in a repository notes the commit in the program, and asks git for it. git is missing, or refuses because the directory belongs to another user than the one that runs the build, which is usual for a directory mounted into a container.',
  patterns: [
    {
      // error obtaining VCS status: exit status 128 / Use -buildvcs=false to disable VCS stamping.   (load/pkg.go)
      name: 'status',
      anchor: [
        'error obtaining VCS status',
        'to disable VCS stamping',
        'but current directory is in repository',
        'multiple VCS detected'
      ],
      regex:
        /error obtaining VCS status(?:: (?<reason>.{1,300}))?|to disable VCS stamping|but current directory is in repository|multiple VCS detected: /,
      unless: ASSERTED
    },
    {
      // fatal: detected dubious ownership in repository at '/src'   (git 2.35.3 on; before: unsafe repository)
      name: 'owner',
      anchor: ['dubious ownership', 'unsafe repository'],
      regex:
        /detected dubious ownership in repository at '(?<directory>[^']{1,400})'|unsafe repository \('(?<unsafe>[^']{1,400})'/,
      unless: ASSERTED
    }
  ],
  endedBy: 'itself',
  onlyOutsideTests: true,
  says: () => prose`Go could not get the commit for the program from version control.`,
  fix: () => [
    commands(prose`if the directory belongs to another user, tell git to trust it:`, [
      'git config --global --add safe.directory "$PWD"'
    ]),
    commands(prose`or build without that note:`, [
      'go build -buildvcs=false ./...   # or: export GOFLAGS=-buildvcs=false'
    ])
  ],
  catches: [
    {
      log: 'error obtaining VCS status: exit status 128\n\tUse -buildvcs=false to disable VCS stamping.\n',
      exitCode: 1
    },
    {
      log: "fatal: detected dubious ownership in repository at '/src'\nTo add an exception for this directory, call:\n",
      exitCode: 128
    },
    {
      log: 'error obtaining VCS status: exec: "git": executable file not found in $PATH\n\tUse -buildvcs=false to disable VCS stamping.\n',
      exitCode: 1
    }
  ],
  ignores: [
    { log: 'go: error obtaining buildID for go tool compile: exit status 2\n', exitCode: 1 },
    { log: '--- FAIL: TestVCS (0.00s)\n    v_test.go:4: want error obtaining VCS status\nFAIL\n', exitCode: 1 }
  ],
  links: [
    'https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies',
    'https://git-scm.com/docs/git-config#Documentation/git-config.txt-safedirectory'
  ]
})
