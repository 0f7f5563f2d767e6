// Runs in a bed: the orders of FOLDER/NAME.orders.json, one after another; prints one line of JSON for each.
//   node testbed/inside.ts FOLDER NAME [alone]
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { endAll } from './at-end.ts'
import type { Order, Told } from './deaths.ts'
import { Scene } from './scene.ts'

const [folder = '', name = '', alone] = process.argv.slice(2)
if (alone === 'alone') {
  // Read here, the tools are charged to us, as on a machine where Go was used before. Charged to a cage they would be
  // thrown out at its cap and read again through the slow file system of the guest, for minutes.
  execFileSync('sh', [
    '-c',
    'cat "$(go env GOROOT)/bin/go" "$(go env GOTOOLDIR)/compile" "$0" >/dev/null',
    process.execPath
  ])
}
const orders: readonly Order[] = JSON.parse(readFileSync(join(folder, `${name}.orders.json`), 'utf8'))
for (const order of orders) {
  process.stderr.write(`\n${order.name}\n`)
  const told = await play(order)
  process.stderr.write(`${told.seconds} s\n`)
  process.stdout.write(`${JSON.stringify(told)}\n`)
}
await endAll()

async function play(order: Order): Promise<Told> {
  try {
    return await new Scene(folder, order, alone === 'alone').play()
  } catch (fault) {
    const reason = fault instanceof Error ? fault.message : String(fault)
    return { name: order.name, exitCode: null, left: [], aftermath: null, seconds: 0, fault: reason }
  }
}
