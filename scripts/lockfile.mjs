// Keeps package-lock.json free of what only one machine could have written: addresses of registries, and names of
// optional packages that have no entry (npm ci stops at those). `--check` changes nothing and fails if there is any.
import { readFileSync, writeFileSync } from 'node:fs'

const path = new URL('../package-lock.json', import.meta.url)
const before = readFileSync(path, 'utf8')
const lock = JSON.parse(before)

// A package resolves a name like Node does: in its own node_modules, then in those of the folders above it.
function isLocked(from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (lock.packages[`${folder}${folder ? '/' : ''}node_modules/${name}`]) return true
    if (folder === '') return false
  }
}

for (const [folder, entry] of Object.entries(lock.packages)) {
  delete entry.resolved
  for (const name of Object.keys(entry.optionalDependencies ?? {})) {
    if (!isLocked(folder, name)) delete entry.optionalDependencies[name]
  }
  if (Object.keys(entry.optionalDependencies ?? { kept: '' }).length === 0) delete entry.optionalDependencies
}

const after = `${JSON.stringify(lock, null, 2)}\n`
if (after === before) {
  console.log('package-lock.json is clean')
} else if (process.argv.includes('--check')) {
  console.error('package-lock.json names missing optional packages or addresses: run npm run lockfile')
  process.exitCode = 1
} else {
  writeFileSync(path, after)
  console.log('package-lock.json cleaned')
}
