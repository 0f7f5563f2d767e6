// How fast output passes, and how much memory the guard holds meanwhile: 300 MB of what Go prints through the guard into
// a reader, beside the same without it.   node bench/throughput.mjs [MB]
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const megabytes = Number(process.argv[2] ?? 300)
const cli = resolve(import.meta.dirname, '../dist/cli.js')
const outputs = {
  'go build -x': ['go', 'build', '-a', '-n', 'net/http'],
  'go test -v': ['go', 'test', '-v', 'strings', 'path', 'sort']
}
const directory = mkdtempSync(join(tmpdir(), 'bench-throughput-'))
try {
  for (const [name, argv] of Object.entries(outputs)) {
    const log = join(directory, 'build.log')
    await writeLog(log, outputOf(argv), megabytes * 1e6)
    const plain = await passed(['cat', log])
    const guarded = await passed([process.execPath, cli, 'run', '--', 'cat', log])
    const memory = `its peak memory ${guarded.peakMegabytes.toFixed(0)} MB (VmHWM)`
    console.log(
      `${name.padEnd(12)} plain ${plain.rate.toFixed(0)} MB/s, guard ${guarded.rate.toFixed(0)} MB/s, ${memory}`
    )
    if (plain.bytes !== guarded.bytes) throw new Error(`plain ${plain.bytes} bytes, guard ${guarded.bytes}`)
  }
} finally {
  rmSync(directory, { recursive: true, force: true })
}

/** What Go really prints: -n shows the commands of -x without running them. */
function outputOf([file, ...args]) {
  const { stdout, stderr } = spawnSync(file, args, { maxBuffer: 256e6, cwd: directory })
  return Buffer.concat([stdout, stderr])
}

async function writeLog(path, block, bytes) {
  const file = createWriteStream(path)
  for (let written = 0; written < bytes; written += block.length) if (!file.write(block)) await once(file, 'drain')
  file.end()
  await once(file, 'finish')
}

/** Reads all that a command prints, and meanwhile the high-water mark of its memory. */
async function passed(argv) {
  const start = process.hrtime.bigint()
  const [file, ...args] = argv
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  let bytes = 0
  let peakMegabytes = 0
  child.stdout.on('data', (chunk) => {
    bytes += chunk.length
  })
  const look = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
      peakMegabytes = Math.max(peakMegabytes, (Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024) / 1e6)
    } catch {
      // it has just ended
    }
  }, 20)
  await once(child, 'close')
  clearInterval(look)
  const seconds = Number(process.hrtime.bigint() - start) / 1e9
  return { bytes, rate: bytes / 1e6 / seconds, peakMegabytes }
}
