// How fast output passes, and how much memory the guard holds meanwhile: 300 MB of build output through the guard into a
// reader, beside the same without it.   node bench/throughput.mjs [MB]
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const megabytes = Number(process.argv[2] ?? 300)
const cli = resolve(import.meta.dirname, '../dist/cli.js')
const directory = mkdtempSync(join(tmpdir(), 'bench-throughput-'))
try {
  const log = join(directory, 'build.log')
  await writeLog(log, megabytes * 1e6)
  const plain = await passed(['cat', log])
  const guarded = await passed([process.execPath, cli, 'run', '--', 'cat', log])
  console.log(`plain  ${plain.rate.toFixed(0)} MB/s`)
  console.log(`guard  ${guarded.rate.toFixed(0)} MB/s, its peak memory ${guarded.peakMegabytes.toFixed(0)} MB (VmHWM)`)
  if (plain.bytes !== guarded.bytes) throw new Error(`plain ${plain.bytes} bytes, guard ${guarded.bytes}`)
} finally {
  rmSync(directory, { recursive: true, force: true })
}

/** Lines as `go build -v -x` and `go test -v` print them. */
async function writeLog(path, bytes) {
  const lines = [
    'github.com/acme/shop/internal/billing',
    'mkdir -p $WORK/b042/',
    "cat >/tmp/go-build1/b042/importcfg << 'EOF' # internal",
    'packagefile github.com/acme/shop/internal/money=/root/.cache/go-build/4b/4b189ccf9eaf44fd4128873271fee3ae6cf57c8e-d',
    '=== RUN   TestInvoice/rounds_half_up',
    '--- PASS: TestInvoice/rounds_half_up (0.00s)',
    'ok  \tgithub.com/acme/shop/internal/billing\t0.412s'
  ]
  const block = Buffer.from(Array.from({ length: 2000 }, (_, i) => `${lines[i % lines.length]} ${i}\n`).join(''))
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
