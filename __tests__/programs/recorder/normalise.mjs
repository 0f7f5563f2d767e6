const KEPT_LINES = 40
const KEPT_CHARS = 240

/** What differs from machine to machine and from run to run, replaced by what a runner would show. */
export function normalise(log, { top, module, goRoot, server }) {
  const replaced = [
    [module, '/home/runner/work/shop'],
    [`${top}/work`, '/home/runner/work'],
    [`${top}/home`, '/home/runner'],
    [top, '/home/runner'],
    [goRoot, '/usr/local/go'],
    [server?.url, server?.shownAs],
    [server?.url.replace(/^https?:../, ''), '192.0.2.10:443'],
    [['sum', 'golang', 'org'].join('.'), '<sumdb>'],
    [['proxy', 'golang', 'org'].join('.'), '<goproxy>']
  ].reduce((text, [from, to]) => (from ? text.replaceAll(from, to) : text), log)
  return shorten(RULES.reduce((text, [from, to]) => text.replaceAll(from, to), replaced))
}

const RULES = [
  [/\/go-build-guard-record-[\w.-]+/g, '/docker/4f1c2a'],
  [/\/root\/\.cache|\/tmp\/go-build-guard-record-cache/g, '/home/runner/.cache/go-build'],
  [/go-build\d{6,}/g, 'go-build1234567890'],
  [/go-link-\d{6,}/g, 'go-link-1234567890'],
  [/\/tmp\/cgo-gcc-input-\d+/g, '/tmp/cgo-gcc-input-1234567890'],
  [/\/tmp\/cc\w{6}\b/g, '/tmp/ccA1b2C3'],
  [/http:\/\/127\.0\.0\.1:1\b/g, 'https://<goproxy>'],
  [/127\.0\.0\.1:\d{1,5}/g, '192.0.2.10:443'],
  [/127\.0\.0\.1/g, '192.0.2.10'],
  [/\b(lookup \S+ on )\S+:53/g, '$1192.0.2.53:53'],
  [/0x[0-9a-f]{9,}/g, '0xc000012080'],
  [/0x[0-9a-f]{5,8}\b/g, '0x4a1b2c'],
  [/(\t| in |\(|=)\d+\.\d+(m?s)\b/g, '$10.01$2'],
  [/"Time":"[^"]+"/g, '"Time":"2025-01-02T03:04:05Z"'],
  [/"Elapsed":[\d.]+/g, '"Elapsed":0.01'],
  [/\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d/g, '2025/01/02 03:04:05'],
  [/^\[ *\d+\.\d{6}\]/gm, '[ 1234.567890]'],
  [/\b(line \d+: +)\d+( )/g, '$14242$2'],
  [/\b([Pp]rocess |pid[= ])\d+\b/g, '$14242']
]

/** Middle lines of a long log and the end of long lines are left out: what decides stands at the ends. */
function shorten(text) {
  const lines = text.split('\n').map((line) => line.slice(0, KEPT_CHARS * 4))
  if (lines.length <= 2 * KEPT_LINES) return lines.join('\n')
  return [...lines.slice(0, KEPT_LINES), ...lines.slice(-KEPT_LINES)]
    .map((line) => line.slice(0, KEPT_CHARS))
    .join('\n')
}
