// How often the diagnoses are right, by family: on the corpus of logs beside this repository and on the recorded programs,
// each where it is there. `npm run accuracy`, or with folders of other logs of the same form as arguments.
import { relative, resolve } from 'node:path'
import {
  blamesMemory,
  CORPUS,
  explainLabelled,
  isAmongThree,
  isRight,
  RECORDED
} from '../__tests__/diagnose/labelled-logs.ts'

const given = process.argv.slice(2).map((folder) => resolve(folder))

for (const folder of given.length > 0 ? given : [CORPUS, RECORDED]) {
  const logs = explainLabelled(folder)
  console.log(`\n${relative(process.cwd(), folder)}: ${logs.length === 0 ? 'no logs there' : `${logs.length} logs`}`)
  if (logs.length > 0) print(logs)
}

function print(logs) {
  const families = Object.entries(Object.groupBy(logs, ({ label }) => label.split('.')[0] ?? label))
  const rows = families.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([family, ofIt]) => rowOf(family, ofIt))
  const all = [['family', 'logs', 'top 1', 'top 3', 'memory found', 'false alarms'], ...rows, rowOf('all', logs)]
  const widths = all[0].map((_, column) => Math.max(...all.map((row) => row[column].length)))
  for (const row of all) {
    console.log(row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  '))
  }
  for (const { name, accept, answers } of logs.filter((one) => !isRight(one))) {
    console.log(`miss  ${name}: ${answers.join(', ') || 'no answer'}, accepted ${accept.join(', ')}`)
  }
}

/** Memory found: of the deaths for memory, those named so. False alarms: of the others, those that are too. */
function rowOf(name, logs) {
  const deaths = logs.filter(({ isMemory }) => isMemory === true)
  const others = logs.filter(({ isMemory }) => isMemory === false)
  return [
    name,
    String(logs.length),
    share(logs.filter(isRight), logs),
    share(logs.filter(isAmongThree), logs),
    share(deaths.filter(blamesMemory), deaths),
    share(others.filter(blamesMemory), others)
  ]
}

function share(part, whole) {
  if (whole.length === 0) return '–'
  return `${part.length}/${whole.length} ${((100 * part.length) / whole.length).toFixed(0).padStart(3)} %`
}
