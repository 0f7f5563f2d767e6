import { code, prose } from '../../model/prose.ts'
import { advice, commands, type Definition, decidedByWording } from '../definition.ts'
import { group } from '../log-hits.ts'
import { plainName } from '../plain-name.ts'
import { ERROR, NO_SUCH_FILE } from './c-words.ts'

/** cgo needs a C compiler and finds none. */
export const cgoNoCompiler: Definition = decidedByWording({
  id: 'cgo.no-compiler',
  title: 'No C compiler for cgo',
  meaning:
    'A package uses cgo, and the C compiler that Go would call (`go env CC`) is not installed or not in `PATH`. Since Go 1.20 the standard library builds without one; packages of others that bind C libraries do not, and neither does `-race` on most systems.',
  patterns: [
    {
      // cgo: C compiler "gcc" not found: exec: "gcc": executable file not found in $PATH   (cmd/cgo/main.go)
      // go tool dist: cannot invoke C compiler ["gcc"]: exec: …   (cmd/dist)
      name: 'cgo',
      anchor: ['C compiler', 'cgo: exec ', 'cgo.exe: exec '],
      regex:
        /cgo(?:\.exe)?: C compiler \\?"(?<compiler>[^"\\]{1,300})\\?" not found|cannot invoke C compiler |cgo(?:\.exe)?: exec (?<missing>\S{1,300}): (?:exec: |fork\/exec \S{1,300}: (?:no such file|The system cannot find))/,
      unless: /_test\.go:\d/
    },
    {
      // link: running x86_64-w64-mingw32-gcc failed: exec: "x86_64-w64-mingw32-gcc": executable file not found in $PATH
      name: 'exec',
      anchor: 'executable file not found',
      regex:
        /exec: \\?"(?<compiler>(?:[^"\\]{0,300}[/\\-])?(?:gcc|g\+\+|cc|c\+\+|clang|clang\+\+|zig)(?:-\d{1,3}(?:\.\d{1,2}){0,2})?(?:\.exe)?)\\?": executable file not found/,
      unless: /: running \\?"|_test\.go:\d/
    },
    {
      // # runtime/cgo
      // exec: "gcc": file does not exist      (go 1.4 and before) · gcc: The system cannot find the path specified.
      name: 'old',
      anchor: ['": file does not exist', '": The system cannot find'],
      regex:
        /exec: \\?"(?<compiler>(?:[^"\\]{0,300}[/\\-])?(?:gcc|clang|cc)(?:\.exe)?)\\?": (?:file does not exist|The system cannot find)/,
      unless: /: running \\?"|_test\.go:\d/
    },
    {
      // xcrun: error: invalid active developer path (/Library/Developer/CommandLineTools), missing xcrun at: …
      name: 'apple',
      anchor: ['xcrun: error: ', 'Xcode license agreements', 'no developer tools were found'],
      regex:
        /xcrun: error: (?:invalid active developer path|unable to find utility|active developer path)|not agreed to the Xcode license agreements|xcode-select: (?:note|error): no developer tools were found/
    }
  ],
  endedBy: 'itself',
  says: (line) => {
    const compiler = group(line, 'compiler') ?? group(line, 'missing')
    return compiler === null
      ? prose`cgo needs a C compiler and could not start one.`
      : prose`cgo needs the C compiler ${code(compiler)}, which is not in ${code('PATH')}.`
  },
  fix: (line) => {
    if (/xcode|xcrun/i.test(line.text))
      return [commands(prose`install the command line tools of Xcode:`, ['xcode-select --install'])]
    const name = (group(line, 'compiler') ?? group(line, 'missing'))?.split('/').at(-1)
    return [
      installFor(name ?? 'gcc'),
      commands(prose`or build without cgo, if every package has a part in pure Go:`, ['CGO_ENABLED=0 go build ./...'])
    ]
  },
  catches: [
    {
      log: '# runtime/cgo\ncgo: C compiler "gcc" not found: exec: "gcc": executable file not found in $PATH\n',
      exitCode: 1
    },
    { log: '# example.com/sqlite\ncgo: exec gcc: exec: "gcc": executable file not found in $PATH\n', exitCode: 1 },
    { log: 'exec: "x86_64-w64-mingw32-gcc": executable file not found in %PATH%\n', exitCode: 1 },
    {
      log: '/usr/local/go/pkg/tool/linux_amd64/link: running aarch64-linux-gnu-gcc failed: exec: "aarch64-linux-gnu-gcc": executable file not found in $PATH\n',
      exitCode: 1
    },
    {
      log: 'go tool dist: cannot invoke C compiler ["gcc"]: exec: "gcc": executable file not found in $PATH\n',
      exitCode: 2
    }
  ],
  ignores: [
    { log: 'gen.go:3: running "gcc": exec: "gcc": executable file not found in $PATH\n', exitCode: 1 },
    { log: 'exec: "protoc": executable file not found in $PATH\n', exitCode: 1 }
  ],
  links: ['https://pkg.go.dev/cmd/cgo', 'https://go.dev/doc/go1.20#cgo']
})

/** Debian's package for a compiler of that name; the triple of a cross compiler is part of the package's name. */
function installFor(compiler: string): ReturnType<typeof commands> {
  const [, triple = ''] = /^([a-z0-9_]{2,12}(?:-[a-z0-9]{2,12}){1,3})-(?:gcc|g\+\+)$/.exec(compiler) ?? []
  if (/mingw/.test(triple))
    return commands(prose`install the cross compiler:`, ['sudo apt-get install -y gcc-mingw-w64'])
  if (triple !== '')
    return commands(prose`install the cross compiler:`, [`sudo apt-get install -y gcc-${triple.replaceAll('_', '-')}`])
  if (/clang/.test(compiler)) return commands(prose`install the C compiler:`, ['sudo apt-get install -y clang'])
  return commands(prose`install a C compiler:`, [
    'sudo apt-get install -y gcc libc6-dev',
    'apk add build-base   # Alpine'
  ])
}

/** The compiler is there, a library's development files are not. */
export const cgoMissingHeader: Definition = decidedByWording({
  id: 'cgo.missing-header',
  title: 'A C header or library description is missing',
  meaning:
    'A package uses cgo and includes a C header that is not there, or asks `pkg-config` for a library that it does not know. The library may be installed and only its development package (`…-dev`, `…-devel`) missing; when cross-compiling it has to be there for the target.',
  patterns: [
    {
      // gtk_unix.h:23:21: fatal error: gtk/gtk.h: No such file or directory   (gcc) · fatal error: 'zlib.h' file not found   (clang)
      name: 'header',
      anchor: [...NO_SUCH_FILE.anchors, "' file not found", 'Cannot open include file'],
      regex: new RegExp(
        `(?:${ERROR.source}) ?[:：] ?(?<header>[^\\s:：'"]{1,200}\\.(?:h|hh|hpp|hxx|inc|def)) ?[:：] ?(?:${NO_SUCH_FILE.source})|(?:fatal error|error): '(?<clang>[^']{1,200})' file not found|Cannot open include file: '(?<msvc>[^']{1,200})'`
      ),
      unless: /_test\.go:\d/
    },
    {
      // Package libavformat was not found in the pkg-config search path. · No package 'libavfilter' found   (pkg-config, pkgconf)
      name: 'pkg-config',
      anchor: ['in the pkg-config search path', "No package '", ', not found', 'pkg-config --cflags'],
      regex:
        /Package '?(?<package>[^\s',]{1,100})'? was not found in the pkg-config search path|No package '(?<none>[^']{1,100})' found|Package '(?<required>[^']{1,100})', required by '.{1,100}', not found/,
      unless: /_test\.go:\d/
    }
  ],
  endedBy: 'itself',
  says: (line) => {
    const library = group(line, 'package') ?? group(line, 'none') ?? group(line, 'required')
    return library === null
      ? prose`The C header ${code(headerIn(line.groups))} is not there.`
      : prose`${code('pkg-config')} does not know the library ${code(library)}.`
  },
  fix: (line) => {
    const library = group(line, 'package') ?? group(line, 'none') ?? group(line, 'required')
    const file = plainName(library === null ? headerIn(line.groups) : `${library}.pc`)
    return [
      ...(file === null
        ? []
        : [
            commands(prose`find the package that has it (Debian, Ubuntu), and install that before the build:`, [
              'sudo apt-get install -y apt-file && sudo apt-file update',
              `apt-file search /${file}`
            ])
          ]),
      advice(
        library === null
          ? prose`if it is installed somewhere else, say so: ${code('CGO_CFLAGS=-I/path/to/include')}.`
          : prose`if it is installed somewhere else, say so: ${code('PKG_CONFIG_PATH=/path/to/lib/pkgconfig')}.`
      )
    ]
  },
  catches: [
    {
      log: '# example.com/gl\nIn file included from ./gl.go:9:\ngl.h:23:21: fatal error: GL/gl.h: No such file or directory\n #include <GL/gl.h>\n          ^~~~~~~~~\ncompilation terminated.\n',
      exitCode: 1
    },
    { log: "# example.com/z\n./z.go:6:10: fatal error: 'zlib.h' file not found\n", exitCode: 1 },
    {
      log: "Package libavformat was not found in the pkg-config search path.\nNo package 'libavformat' found\n",
      exitCode: 1
    },
    {
      log: "# pkg-config --cflags  -- gtk+-3.0\nPackage 'gtk+-3.0', required by 'virtual:world', not found\npkg-config: exit status 1\n",
      exitCode: 1
    },
    { log: './z.go:6:10: 致命错误：zlib.h：没有那个文件或目录\n编译中断。\n', exitCode: 2 }
  ],
  ignores: [
    { log: 'open include/config.h: no such file or directory\n./main.go:3:1: undefined: x\n', exitCode: 1 },
    { log: 'make: *** No rule to make target zlib.h.  Stop.\n', exitCode: 2 },
    {
      log: '--- FAIL: TestC (0.00s)\n    c_test.go:9: fatal error: x.h: No such file or directory\nFAIL\n',
      exitCode: 1
    }
  ],
  links: ['https://pkg.go.dev/cmd/cgo', 'https://www.freedesktop.org/wiki/Software/pkg-config/']
})

function headerIn(groups: Readonly<Record<string, string>>): string {
  return groups['header'] ?? groups['clang'] ?? groups['msvc'] ?? ''
}
