import { resolve } from 'node:path'
import { ABSENT } from '../model/reading.ts'
import { commandLine, type Settings } from '../model/settings.ts'
import { openJournal } from '../observe/journal.ts'
import { kernelLog } from '../observe/kernel-log.ts'
import type { Place, Ports } from '../ports/ports.ts'
import { startReaper } from '../run/reaper.ts'
import { buildEnvironment } from '../settings/environment.ts'
import { shellCall } from '../settings/shell.ts'
import { surveyMachine } from '../survey/survey.ts'
import { newHelper } from './helper.ts'
import { compileLauncher, programOf } from './launcher.ts'
import { narrator } from './narrator.ts'
import { preflighting } from './preflight.ts'
import { maySudo, type Run } from './run.ts'
import { verification } from './verification.ts'
import { logTools } from './witnesses.ts'

/** The journal's place in the run directory: `post` looks for it there. */
export const JOURNAL = 'state.jsonl'

/** Reads the machine and lays out everything that an attempt needs. A problem means that nothing can be run. */
export async function prepare(
  ports: Ports,
  place: Place,
  settings: Settings
): Promise<{ run: Run } | { problem: string }> {
  const { files, clock } = ports
  const startedMs = clock.nowMs()
  const startedAt = clock.wallTime()
  const workingDirectory = resolve(place.currentDirectory, settings.workingDirectory)
  if (!files.exists(workingDirectory)) {
    return { problem: `working-directory: ${settings.workingDirectory} does not exist` }
  }
  const call = shellCall(settings.command, {
    platform: place.platform,
    scriptStem: `${place.runDirectory}/script`,
    hasPreferredShell: isOnPath(ports, place, place.platform === 'win32' ? 'pwsh.exe' : 'bash')
  })
  const reaper = startReaper(ports.processes, place.platform, maySudo(ports))
  if (!place.hasPost) reaper.directory(place.runDirectory)
  try {
    if (call.script !== null) files.writeText(call.script.path, call.script.text)
  } catch (fault) {
    reaper.dismiss()
    return { problem: `the script could not be written: ${fault instanceof Error ? fault.message : String(fault)}` }
  }
  const environment = buildEnvironment(place.environment, place.platform)
  const launcher = await compileLauncher(ports, place, environment)
  const survey = await surveyMachine({
    ...ports,
    ...place,
    environment,
    workingDirectory,
    launcher: programOf(launcher)
  })
  const journal = openJournal(files, `${place.runDirectory}/${JOURNAL}`)
  journal.add({ kind: 'start', command: commandLine(settings.command), startedAt })
  const world = { ...ports, place, settings, survey, environment, workingDirectory }
  const preflight = preflighting(world)
  return {
    run: {
      ports,
      place,
      settings,
      survey,
      launcher,
      startedAt,
      startedMs,
      command: { argv: call.argv, cwd: workingDirectory, environment },
      journal,
      reaper,
      // Elsewhere there is none of this kind, and the path may be anything.
      kernelLog: place.platform === 'linux' ? kernelLog(logTools({ ports, place })) : { kills: async () => ABSENT },
      narrator: narrator(ports.runner, () => clock.nowMs() - startedMs),
      helper: newHelper(ports, place),
      preflight,
      verification: verification(world, preflight.sources)
    }
  }
}

function isOnPath({ files }: Ports, { environment, platform }: Place, program: string): boolean {
  const [separator, slash] = platform === 'win32' ? [';', '\\'] : [':', '/']
  const path = environment['PATH'] ?? environment['Path'] ?? ''
  return path.split(separator).some((directory) => directory !== '' && files.exists(`${directory}${slash}${program}`))
}
