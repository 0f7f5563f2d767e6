// The scanner with its whole catalogue beside `grep -E` with the same expressions, on what Go really prints.
//   npm run build && node bench/scan.mjs [MB]
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CATALOGUE } from '../lib/diagnose/catalogue.js'
import { createScanner } from '../lib/diagnose/scanner.js'

const megabytes = Number(process.argv[2] ?? 100)
const outputs = {
  'go build -x': ['build', '-a', '-n', 'net/http'],
  'go test -v': ['test', '-v', 'strings', 'path', 'sort']
}
const anchors = [...new Set(CATALOGUE.flatMap(({ patterns }) => patterns.flatMap(({ anchor }) => anchor)))]
const directory = mkdtempSync(join(tmpdir(), 'bench-scan-'))
try {
  const expressions = join(directory, 'expressions')
  writeFileSync(expressions, `${anchors.map((text) => text.replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&')).join('\n')}\n`)
  for (const [name, args] of Object.entries(outputs)) {
    const { stdout, stderr } = spawnSync('go', args, { maxBuffer: 256e6, cwd: directory })
    const block = Buffer.concat([stdout, stderr])
    const log = Buffer.concat(Array.from({ length: Math.ceil((megabytes * 1e6) / block.length) }, () => block))
    const file = join(directory, 'log')
    writeFileSync(file, log)
    const grep = rate(log, () => spawnSync('grep', ['-aE', '-c', '-f', expressions, file], { env: { LC_ALL: 'C' } }))
    const scanner = createScanner(CATALOGUE)
    const own = rate(log, () => {
      for (let at = 0; at < log.length; at += 65_536) scanner.push(log.subarray(at, at + 65_536))
      scanner.finish()
    })
    console.log(`${name.padEnd(12)} scanner ${own} MB/s, grep -E ${grep} MB/s (${anchors.length} literals)`)
  }
} finally {
  rmSync(directory, { recursive: true, force: true })
}

function rate(log, run) {
  const start = process.hrtime.bigint()
  run()
  return (log.length / 1e6 / (Number(process.hrtime.bigint() - start) / 1e9)).toFixed(0)
}
