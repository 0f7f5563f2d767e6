// `npm run record [part of a name …]`: runs the cases below cases/ with the real tools and stores what they printed.
// Needs Linux, Node 24, Go, gcc; as root also the cases with cgroups (v1), mounts and other users.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCase } from './recorder/run-case.mjs'

const FOLDER = join(import.meta.dirname, 'recorded')

const wanted = process.argv.slice(2)
const cases = (await readCases()).filter(
  ({ label, name }) => wanted.length === 0 || wanted.some((part) => `${label}/${name}`.includes(part))
)
if (wanted.length === 0) rmSync(FOLDER, { recursive: true, force: true })

const faults = []
const queue = [...cases]
await Promise.all(Array.from({ length: 3 }, work))
console.log(`${cases.length - faults.length} of ${cases.length} recorded`)
if (faults.length > 0) {
  console.error(faults.join('\n'))
  process.exitCode = 1
}

/** Most cases wait for something; three at once do not disturb one another. */
async function work() {
  for (let one = queue.shift(); one !== undefined; one = queue.shift()) await record(one)
}

async function record(one) {
  const recording = await runCase(one).catch((error) => ({ log: String(error), exitCode: null }))
  const fault = recording.exitCode === null ? 'did not run' : faultOf(one, recording)
  if (fault === null) return store(one, recording)
  faults.push(`${one.label}/${one.name}: ${fault}`)
  console.log(`FAULT ${one.label}/${one.name}: ${fault}\n${recording.log.slice(0, 2000)}`)
}

async function readCases() {
  const folder = join(import.meta.dirname, 'cases')
  const families = await Promise.all(
    readdirSync(folder)
      .sort()
      .map((file) => import(join(folder, file)))
  )
  const all = families.flatMap((family) => family.default)
  const names = all.map(({ label, name }) => `${label}/${name}`)
  const twice = names.filter((name, i) => names.indexOf(name) !== i)
  if (twice.length > 0) throw new Error(`two cases of one name: ${twice.join(', ')}`)
  return all
}

/** A case that did not provoke what it stands for is no sample. */
function faultOf({ label, shows }, { log, exitCode }) {
  if ((exitCode === 0) !== (label === 'none')) return `exit ${exitCode} for ${label}`
  const missing = [shows ?? []].flat().filter((words) => !log.includes(words))
  return missing.length === 0 ? null : `does not show: ${missing.join(' | ')}`
}

function store({ label, name, accept = [], isMemory = label.startsWith('oom.'), command }, { log, exitCode, go }) {
  const facts = { label, accept: [label, ...accept], exitCode, isMemory, go, command }
  mkdirSync(join(FOLDER, label), { recursive: true })
  writeFileSync(join(FOLDER, label, `${name}.log`), log)
  writeFileSync(join(FOLDER, label, `${name}.json`), `${JSON.stringify(facts, null, 2)}\n`)
}
