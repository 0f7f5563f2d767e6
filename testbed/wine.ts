import { cpSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { projectRoot, runCommand, temporaryFolder } from './workbench.ts'

const place = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'go-build-guard/wine')

/** Why Windows programs cannot be run on this machine, or null. */
export function wineUnavailable(): string | null {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return 'NOT VERIFIED HERE: the place is for Linux on x86-64'
  if (process.getuid?.() !== 0) return 'NOT VERIFIED HERE: the place is entered by chroot, which needs root'
  if (!existsSync(join(place, 'ready'))) return 'NOT VERIFIED HERE: wine is not set up (testbed/wine/setup)'
  // ncc writes dist in one go; a launcher that is missing there was never shipped.
  return existsSync(join(projectRoot, 'dist/helper-windows')) ? null : 'NOT VERIFIED HERE: dist has no launcher'
}

/** What happened, by scenario; see `wine/inside.mjs`. */
export type Results = Readonly<Record<string, unknown>>

/** Plays every scenario of `wine/inside.mjs` with the real node.exe and go.exe. Takes minutes. */
export async function playInWine(): Promise<Results> {
  const folder = temporaryFolder('wine')
  mkdirSync(join(folder, 'program'))
  cpSync(join(projectRoot, 'testbed/wine/program'), join(folder, 'program'), { recursive: true })
  cpSync(join(projectRoot, 'testbed/wine/inside.mjs'), join(folder, 'inside.mjs'))
  // node.exe dies of a Unix pipe as its standard output (EBADF); a file it takes.
  const script = String.raw`wine /opt/node.exe 'C:\test\inside.mjs' 'C:\test' 'C:\guard' 'Z:\opt\go\bin\go.exe' </dev/null >"$WINEPREFIX/drive_c/test/said.txt" 2>&1`
  const { code, stderr } = await runCommand(
    ['nice', '-n', '10', join(projectRoot, 'testbed/wine/run'), place, folder, 'sh', '-c', script],
    { timeoutMs: 900_000 }
  )
  const results = join(folder, 'results.json')
  const said = existsSync(join(folder, 'said.txt')) ? readFileSync(join(folder, 'said.txt'), 'utf8').slice(-2000) : ''
  if (!existsSync(results) || statSync(results).size === 0) throw new Error(`wine ended with ${code}: ${stderr}${said}`)
  const parsed: unknown = JSON.parse(readFileSync(results, 'utf8'))
  if (typeof parsed !== 'object' || parsed === null) throw new Error('no results')
  return { ...parsed }
}
