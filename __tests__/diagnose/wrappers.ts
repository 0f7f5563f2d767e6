/** Ways in which runners, image builders and tools hand on what a build printed. A wrapper keeps every line and its order. */
export interface Wrapper {
  readonly name: string
  readonly wrap: (log: string) => string
}

const STAMP = '2026-01-02T03:04:05.1234567Z'

function linesOf(log: string): readonly string[] {
  return log.replace(/\n$/, '').split(/\r?\n/)
}

function eachLine(change: (line: string, index: number) => string): (log: string) => string {
  return (log) =>
    linesOf(log)
      .map((line, i) => `${change(line, i)}\n`)
      .join('')
}

function framed(before: string, log: string, after: string): string {
  return `${before}\n${log.endsWith('\n') || log === '' ? log : `${log}\n`}${after}\n`
}

function event(fields: Readonly<Record<string, string>>): string {
  // encoding/json escapes these three for HTML.
  return JSON.stringify(fields).replaceAll(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`)
}

/** Cut in the middle of its characters, as output that is flushed before its line ends. */
function inPieces(line: string, fields: Readonly<Record<string, string>>): string {
  const characters = [...line]
  const middle = Math.ceil(characters.length / 2)
  const pieces = [characters.slice(0, middle).join(''), `${characters.slice(middle).join('')}\n`]
  return pieces.map((Output) => event({ ...fields, Output })).join('\n')
}

/** Each line of another target of `make -j` between those of the log. */
const OTHER_JOBS: readonly string[] = [
  'go build -trimpath -o bin/worker ./cmd/worker',
  'install -m 0755 bin/worker /usr/local/bin/worker',
  "make[2]: Leaving directory '/src/docs'",
  '  CC      lib/string.o'
]

const STAMPED = eachLine((line) => `${STAMP} ${line}`)
const BUILDKIT = eachLine((line, i) => `#12 ${(0.3 + i / 10).toFixed(3)} ${line}`)
const COLOURED = eachLine((line) => `\u001b[36;1m${line}\u001b[0m`)

export const WRAPPERS: readonly Wrapper[] = [
  { name: 'stamps of the GitHub runner', wrap: STAMPED },
  { name: 'gh run view --log', wrap: eachLine((line) => `build\tRun go build ./...\t${STAMP} ${line}`) },
  {
    name: 'a step of the GitHub runner',
    wrap: (log) =>
      STAMPED(
        framed(
          '##[group]Run go build ./...\n\u001b[36;1mgo build ./...\u001b[0m\nshell: /usr/bin/bash -e {0}\n##[endgroup]',
          log,
          '##[error]Process completed with exit code 1.'
        )
      )
  },
  { name: 'colour', wrap: COLOURED },
  {
    name: 'colour in the middle',
    wrap: eachLine((line) => `${line.slice(0, 4)}\u001b[1m\u001b[31m${line.slice(4)}\u001b[0m`)
  },
  { name: 'marks of Buildkite', wrap: eachLine((line) => `\u001b_bk;t=1767323045123\u0007${line}`) },
  { name: 'BuildKit', wrap: (log) => framed('#12 [build 4/6] RUN go build ./...', BUILDKIT(log), '#12 DONE 9.1s') },
  {
    name: 'the excerpt of BuildKit',
    wrap: (log) =>
      framed(
        '------\n > [build 4/6] RUN go build ./...:',
        eachLine((line, i) => `${(9 + i / 10).toFixed(2)} ${line}`)(log),
        '------'
      )
  },
  { name: 'BuildKit on a terminal', wrap: eachLine((line) => ` => => # ${line}`) },
  { name: 'BuildKit below the GitHub runner', wrap: (log) => STAMPED(BUILDKIT(log)) },
  {
    name: 'the classic builder of docker',
    wrap: (log) =>
      framed(
        'Step 4/6 : RUN go build ./...\n ---> Running in 4d3b1a8c0f21',
        log,
        'Removing intermediate container 4d3b1a8c0f21'
      )
  },
  {
    name: 'docker compose',
    wrap: (log) => framed('Attaching to app-1', eachLine((line) => `app-1  | ${line}`)(log), 'app-1 exited with code 1')
  },
  { name: 'json-file of docker', wrap: eachLine((line) => event({ log: `${line}\n`, stream: 'stderr', time: STAMP })) },
  { name: 'act', wrap: eachLine((line) => `[CI/build]   | ${line}`) },
  {
    name: 'Jenkins',
    wrap: (log) => eachLine((line) => `[${STAMP}] ${line}`)(framed('[Pipeline] sh\n+ make', log, '[Pipeline] }'))
  },
  { name: 'Jenkins, time alone', wrap: eachLine((line) => `09:41:23  ${line}`) },
  { name: 'a parallel branch of Jenkins', wrap: eachLine((line) => `[linux-amd64] ${line}`) },
  {
    name: 'GitLab',
    wrap: (log) =>
      framed(
        'section_start:1767323045:step_script\r\u001b[0K\u001b[0K\u001b[36;1mExecuting "step_script"\u001b[0;m',
        log,
        'section_end:1767323046:step_script\r\u001b[0K\u001b[31;1mERROR: Job failed: exit code 1\u001b[0;m'
      )
  },
  {
    name: 'GitLab with stamps',
    wrap: eachLine((line, i) => `2026-01-02T03:04:05.123456Z 0${i % 2}${i % 3 === 0 ? 'O' : 'E'} ${line}`)
  },
  { name: 'TeamCity', wrap: eachLine((line) => `[03:04:05]W:\t ${line}`) },
  { name: 'Cloud Build', wrap: eachLine((line) => `Step #1 - "build": ${line}`) },
  { name: 'Vagrant', wrap: eachLine((line) => `==> default: ${line}`) },
  { name: 'the log of a container', wrap: eachLine((line) => `2026-01-02T03:04:05.123456789Z stderr F ${line}`) },
  {
    name: 'go build -json',
    wrap: eachLine((line) => event({ ImportPath: 'example.com/wrapped', Action: 'build-output', Output: `${line}\n` }))
  },
  {
    name: 'go test -json',
    wrap: eachLine((line) =>
      event({ Time: STAMP, Action: 'output', Package: 'example.com/wrapped', Output: `${line}\n` })
    )
  },
  {
    name: 'go test -json in pieces',
    wrap: eachLine((line) => inPieces(line, { Time: STAMP, Action: 'output', Package: 'example.com/wrapped' }))
  },
  {
    name: 'GoReleaser',
    wrap: (log) =>
      framed('  • building binaries', eachLine((line) => `    │ ${line}`)(log), '  ⨯ release failed after 3s')
  },
  {
    name: 'nested make',
    wrap: (log) =>
      framed(
        "make[2]: Entering directory '/src'",
        log,
        "make[2]: *** [Makefile:14: all] Error 1\nmake[2]: Leaving directory '/src'\nmake[1]: *** [Makefile:3: sub] Error 2\nmake: *** [Makefile:1: all] Error 2"
      )
  },
  {
    name: 'other jobs of make -j',
    wrap: (log) =>
      linesOf(log)
        .flatMap((line, i) => [OTHER_JOBS[i % OTHER_JOBS.length] ?? '', line, ''])
        .join('\n')
  },
  {
    name: 'bazel',
    wrap: (log) => framed('INFO: Found 1 target...', log, 'INFO: Elapsed time: 3.1s, Critical Path: 2.2s')
  },
  { name: 'CR LF', wrap: (log) => log.replaceAll(/\r?\n/g, '\r\n') },
  {
    name: 'progress by CR',
    wrap: (log) => `${'fetching 10 %\rfetching 55 %\r'.repeat(20)}${eachLine((line) => `\r${line}`)(log)}`
  },
  { name: 'a cut-off beginning', wrap: (log) => `ownloading example.com/x v1.0.0\n${log}` },
  {
    name: 'much before and behind',
    wrap: (log) => framed('go: downloading example.com/x v1.0.0\n'.repeat(300), log, 'Uploading cache\n'.repeat(300))
  }
]

export interface Encoding {
  readonly name: string
  readonly encode: (log: string) => Uint8Array
}

function utf16(log: string, isLittleEndian: boolean, hasMark: boolean): Uint8Array {
  const text = hasMark ? `\ufeff${log}` : log
  const bytes = new DataView(new ArrayBuffer(2 * text.length))
  for (let i = 0; i < text.length; i++) bytes.setUint16(2 * i, text.charCodeAt(i), isLittleEndian)
  return new Uint8Array(bytes.buffer)
}

export const ENCODINGS: readonly Encoding[] = [
  { name: 'UTF-8 with a mark', encode: (log) => new TextEncoder().encode(`\ufeff${log}`) },
  { name: 'UTF-16 as Windows PowerShell writes it', encode: (log) => utf16(log, true, true) },
  { name: 'UTF-16, the other way round', encode: (log) => utf16(log, false, true) },
  { name: 'UTF-16 without a mark', encode: (log) => utf16(log, true, false) },
  {
    name: 'characters cut in two at both ends',
    encode: (log) => Uint8Array.of(0x94, 0x82, 0x0a, ...new TextEncoder().encode(log), 0x0a, 0xe2, 0x94)
  }
]
