import { code, prose } from '../../model/prose.ts'
import { advice, commands, type Definition, decidedByWording } from '../definition.ts'
import { group } from '../log-hits.ts'
import { plainName } from '../plain-name.ts'

/** A `//go:embed` line for which there is nothing, or nothing that may be embedded. */
export const embedPattern: Definition = decidedByWording({
  id: 'embed.pattern',
  title: 'A go:embed pattern finds no files',
  meaning:
    'A source file embeds files by a `//go:embed` pattern, and none of them is there when Go loads the package. Most often they are made by another step (a frontend build, a generator) that did not run before, or they are in `.gitignore` or `.dockerignore` and so not in this checkout. Files that begin with a dot or an underscore, symbolic links and files of other modules cannot be embedded either.',
  patterns: [
    {
      // main.go:26:12: pattern frontend/dist: no matching files found   (cmd/go/internal/load)
      name: 'pattern',
      anchor: [': no matching files found', ': cannot embed ', 'pattern syntax'],
      regex:
        /(?:(?:^|[\s"'([])(?<file>[^\s:"'()[\]]{1,400}\.go):(?<line>\d{1,7})(?::\d{1,6})?: )?pattern (?<pattern>\S.{0,300}?): (?:no matching files found|cannot embed (?:irregular file|directory|file|\S{1,40}) .{0,300}|invalid pattern syntax)/,
      unless: /_test\.go:\d{1,7}: (?!pattern )/
    }
  ],
  endedBy: 'itself',
  says: (line) => {
    const file = group(line, 'file')
    const where = file === null ? '' : prose` in ${code(`${file}:${group(line, 'line') ?? ''}`)}`
    const pattern = code(group(line, 'pattern') ?? '')
    const what = /cannot embed/.test(line.text)
      ? prose`${code('go:embed')} cannot take what the pattern ${pattern} finds`
      : prose`${code('go:embed')} finds no files for the pattern ${pattern}`
    return `${what}${where}.`
  },
  fix: (line) => {
    const name = plainName(group(line, 'pattern'))
    const look = name === null || name.startsWith('-') ? [] : [`git check-ignore -v ${name}`, `git ls-files ${name}`]
    return [
      advice(
        prose`make the files before the build: run the step that creates them (a frontend build, a generator) first.`
      ),
      ...(look.length === 0
        ? []
        : [
            commands(
              prose`in the directory of that source file, see whether git knows the files or leaves them out:`,
              look
            )
          ])
    ]
  },
  catches: [
    { log: 'main.go:26:12: pattern frontend/dist: no matching files found\n', exitCode: 1 },
    {
      log: '# example.com/app/internal/engine\ninternal\\webui\\embed.go:12:12: pattern dist: no matching files found\nFAIL\texample.com/app/internal/engine [setup failed]\n',
      exitCode: 1
    },
    {
      log: 'web/fs.go:7:12: pattern static: cannot embed directory static: contains no embeddable files\n',
      exitCode: 1
    },
    {
      log: 'level=error msg="typechecking error: ui/ui.go:9:12: pattern all:build: no matching files found"\n',
      exitCode: 7
    }
  ],
  ignores: [
    { log: 'ls: pattern: no such file or directory\n./main.go:3:1: undefined: x\n', exitCode: 1 },
    {
      log: '--- FAIL: TestGlob (0.00s)\n    glob_test.go:9: pattern *.txt: no matching files found\nFAIL\n',
      exitCode: 1
    }
  ],
  links: ['https://pkg.go.dev/embed', 'https://github.com/golang/go/blob/master/src/cmd/go/internal/load/pkg.go']
})
