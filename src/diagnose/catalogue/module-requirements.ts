import type { LogLine } from '../../model/evidence.ts'
import { code, type Prose, prose } from '../../model/prose.ts'
import { ASSERTED } from '../assertion.ts'
import { advice, commands, type Definition, decidedByWording } from '../definition.ts'
import { group } from '../log-hits.ts'
import { plainName } from '../plain-name.ts'

const MODULES_LINK = 'https://go.dev/ref/mod'

/** vendor/ is not what go.mod says. */
export const moduleInconsistentVendor: Definition = decidedByWording({
  id: 'module.inconsistent-vendor',
  title: 'The vendor directory and go.mod disagree',
  meaning:
    'The repository has a vendor directory, and its list `vendor/modules.txt` does not agree with go.mod. Somebody changed go.mod, often a bot that updates dependencies, and did not run `go mod vendor`, or did not commit what it changed.',
  patterns: [
    {
      name: 'list',
      anchor: [
        'inconsistent vendoring in ',
        'is explicitly required in ',
        'vendor/modules.txt',
        'is marked as replaced in ',
        'should be required explicitly in go.mod',
        "can't resolve module using the vendor directory"
      ],
      regex:
        /inconsistent vendoring in |(?<module>[^\s@]{1,300}@[^\s:]{1,200}): is (?:explicitly required in|marked as (?:explicit|replaced) in|replaced (?:by \S{1,300} )?in)|vendored module \S{1,300} should be required explicitly|is not a package listed in vendor\/modules\.txt|can't resolve module using the vendor directory/,
      unless: ASSERTED
    }
  ],
  endedBy: 'itself',
  onlyOutsideTests: true,
  says: () => prose`${code('vendor/modules.txt')} and ${code('go.mod')} disagree.`,
  fix: () => [
    commands(prose`bring the vendor directory up to date, and commit it:`, [
      'go mod tidy',
      'go mod vendor',
      'git add go.mod go.sum vendor'
    ]),
    commands(prose`or build from the module cache instead:`, ['go build -mod=mod ./...'])
  ],
  catches: [
    {
      log: 'go: inconsistent vendoring in /src/app:\n\texample.com/a@v0.2.1: is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt\n',
      exitCode: 1
    },
    {
      log: '\texample.com/a@v1.0.0: is marked as explicit in vendor/modules.txt, but not explicitly required in go.mod\n',
      exitCode: 1
    },
    {
      log: '\texample.com/a@v1.0.0: is replaced in go.mod, but not marked as replaced in vendor/modules.txt\n',
      exitCode: 1
    }
  ],
  ignores: [
    { log: 'go: updates to go.mod needed; to update it:\n\tgo mod tidy\n', exitCode: 1 },
    { log: '--- FAIL: TestVendor (0.00s)\n    v_test.go:9: want inconsistent vendoring in x\nFAIL\n', exitCode: 1 }
  ],
  links: [`${MODULES_LINK}#vendoring`]
})

/** go.mod would have to change, and the command may not change it. */
export const moduleUpdatesNeeded: Definition = decidedByWording({
  id: 'module.updates-needed',
  title: 'An update of go.mod or go.sum is needed',
  meaning:
    'The requirements in go.mod do not fit the packages that are built or each other, and since Go 1.16 a build does not correct go.mod by itself (`-mod=readonly`). Usually a change of an import or of a version was committed without the go.mod that belongs to it.',
  patterns: [
    {
      // go: updates to go.mod needed; to update it: · … disabled by -mod=readonly   (modload/init.go)
      name: 'readonly',
      anchor: [
        'updates to go.mod needed',
        'updates to go.sum needed',
        'disabled by -mod=readonly',
        'from implicitly required module',
        'query module due to -mod=readonly',
        'cannot update go.mod'
      ],
      regex:
        /updates to go\.(?:mod|sum) needed|disabled by -mod=readonly|(?<package>\S{1,300}) from implicitly required module|cannot query module due to -mod=readonly/,
      unless: new RegExp(`go\\.work\\b|${ASSERTED.source}`)
    }
  ],
  endedBy: 'itself',
  onlyOutsideTests: true,
  says: () => prose`${code('go.mod')} or ${code('go.sum')} has to change, and a build does not change it by itself.`,
  fix: () => [commands(prose`let Go change them, and commit both files.`, ['go mod tidy', 'git add go.mod go.sum'])],
  catches: [
    { log: 'go: updates to go.mod needed; to update it:\n\tgo mod tidy\n', exitCode: 1 },
    { log: 'go: updates to go.mod needed, disabled by -mod=readonly\n', exitCode: 1 },
    { log: 'build example.com/a: cannot load example.com/x: import lookup disabled by -mod=readonly\n', exitCode: 1 },
    {
      log: 'main.go:4:2: package example.com/a imports example.com/x from implicitly required module; to add missing requirements, run:\n\tgo get example.com/x@v1.0.0\n',
      exitCode: 1
    }
  ],
  ignores: [
    {
      log: 'go: example.com/x@v1.0.0: missing go.sum entry; to add it:\n\tgo mod download example.com/x\n',
      exitCode: 1
    },
    { log: 'npm warn update to lockfile needed\n./main.go:3:1: undefined: x\n', exitCode: 1 }
  ],
  links: [`${MODULES_LINK}#build-commands`, `${MODULES_LINK}#go-mod-tidy`]
})

/** `replace` points to a directory that is not there. */
export const moduleReplaceLocal: Definition = decidedByWording({
  id: 'module.replace-local',
  title: 'The target of a local replace is missing',
  meaning:
    'A `replace` line of go.mod points to a directory beside the module, and on this machine nothing is there. It works for its author, who has the other repository checked out in that place; a build machine or an image has only this one.',
  patterns: [
    {
      // example.com/x@v0.0.0: replacement directory ../x does not exist · … (replaced by ../x): reading ../x/go.mod: open /x/go.mod: no such file or directory
      name: 'directory',
      anchor: ['replacement directory ', '/go.mod: ', '\\go.mod: '],
      regex:
        /replacement directory (?<directory>.{1,400}?)(?: does not exist|: )|(?:parsing|reading|loading) (?<file>[^\s:]{0,400}|[A-Za-z]:[^\s:]{1,400})[/\\]go\.mod: open .{1,500}(?:no such file or directory|cannot find the (?:path|file) specified)/,
      unless: new RegExp(`go\\.work\\b|workspace|\\.git\\b|${ASSERTED.source}`)
    }
  ],
  endedBy: 'itself',
  onlyOutsideTests: true,
  says: replaceSays,
  fix: replaceFix,
  catches: [
    {
      log: 'go: example.com/a imports\n\texample.com/x: example.com/x@v0.0.0: replacement directory ../x does not exist\n',
      exitCode: 1
    },
    {
      log: 'go: example.com/x@v1.0.0 (replaced by ../x): reading ../x/go.mod: open /src/x/go.mod: no such file or directory\n',
      exitCode: 1
    },
    {
      log: 'go: parsing ..\\x\\go.mod: open C:\\src\\x\\go.mod: The system cannot find the path specified.\n',
      exitCode: 1
    }
  ],
  ignores: [
    {
      log: 'go: cannot load module ../x listed in go.work file: open ../x/go.mod: no such file or directory\n',
      exitCode: 1
    },
    {
      log: "go: go.mod file not found in current directory or any parent directory; see 'go help modules'\n",
      exitCode: 1
    }
  ],
  links: [`${MODULES_LINK}#go-mod-file-replace`]
})

function replaceSays(line: LogLine): Prose {
  const directory = group(line, 'directory') ?? group(line, 'file')
  return directory === null
    ? prose`A ${code('replace')} line of ${code('go.mod')} points to a directory that is not there.`
    : prose`A ${code('replace')} line of ${code('go.mod')} points to ${code(directory)}, which is not there.`
}

/** `example.com/x@v0.0.0: replacement directory …` · `example.com/x@v1.0.0 (replaced by ../x): reading …` */
const REPLACED = /(?<module>[^\s@:]{1,300})@(?<version>[^\s:]{1,200})(?: \(replaced by [^)]{1,300}\))?: /

function replaceFix({ text }: LogLine): ReturnType<Definition['remedies']> {
  const name = plainName(REPLACED.exec(text)?.groups?.['module']) ?? 'MODULE'
  return [
    commands(prose`use the released version instead of the directory:`, [
      `go mod edit -dropreplace=${name}`,
      `go get ${name}@latest`
    ]),
    advice(prose`or check the other repository out in that place before the build (in a Dockerfile: copy it too).`),
    commands(prose`to see every replacement of this module:`, ['go mod edit -json'])
  ]
}

/** Two modules have the same package. */
export const moduleAmbiguous: Definition = decidedByWording({
  id: 'module.ambiguous',
  title: 'Two modules provide the same package',
  meaning:
    'A package is found in more than one module of the build, and Go does not choose. It happens when a part of a module became a module of its own: an old version of the whole and the new part are both required, each by another dependency.',
  patterns: [
    {
      name: 'import',
      anchor: ['ambiguous import: found ', ' in multiple modules'],
      regex:
        /ambiguous import: found (?:package )?(?<package>\S{1,300})|found package (?<found>\S{1,300}) in multiple modules/,
      unless: ASSERTED
    }
  ],
  endedBy: 'itself',
  onlyOutsideTests: true,
  says: (line) =>
    prose`The package ${code(group(line, 'package') ?? group(line, 'found') ?? '')} is in more than one module of the build.`,
  fix: (line) => {
    const name = plainName(group(line, 'package') ?? group(line, 'found')) ?? 'PACKAGE'
    return [
      commands(prose`see who needs which of them:`, [
        `go mod why -m ${name}`,
        `go mod graph | grep ${name.split('/').slice(0, 3).join('/')}`
      ]),
      commands(prose`raise the older, larger module to a version without that package:`, [
        'go get OLDER-MODULE@latest && go mod tidy'
      ])
    ]
  },
  catches: [
    {
      log: 'a.pb.go:27:2: ambiguous import: found package example.com/g/rpc/code in multiple modules:\n\texample.com/g v0.0.1 (/go/pkg/mod/g)\n',
      exitCode: 1
    },
    {
      log: 'build example.com/a: cannot load example.com/x: ambiguous import: found example.com/x in multiple modules:\n',
      exitCode: 1
    },
    {
      log: 'go: example.com/a imports\n\texample.com/x: ambiguous import: found package example.com/x in multiple modules:\n',
      exitCode: 1
    }
  ],
  ignores: [
    { log: './main.go:3:1: ambiguous selector x.Close\n', exitCode: 1 },
    {
      log: '--- FAIL: TestAmbiguous (0.00s)\n    a_test.go:4: want ambiguous import: found package x in multiple modules\nFAIL\n',
      exitCode: 1
    }
  ],
  links: [`${MODULES_LINK}#resolve-pkg-mod`]
})
