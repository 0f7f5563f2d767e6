import * as fs from 'node:fs'
import type { ControlFiles } from '../ports/control-files.ts'
import type { Processes } from '../ports/processes.ts'

/** As root, or where an administrator has delegated the directory. */
export const directControlFiles: ControlFiles = {
  means: 'direct',
  async makeDirectory(path) {
    fs.mkdirSync(path)
  },
  async write(path, text) {
    // Never created: a control file that is not there is a kernel that does not have it.
    const descriptor = fs.openSync(path, fs.constants.O_WRONLY)
    try {
      fs.writeSync(descriptor, text)
    } finally {
      fs.closeSync(descriptor)
    }
  },
  async removeDirectory(path) {
    fs.rmdirSync(path)
  }
}

const DEADLINE_MS = 5000

/** Through `sudo -n` (never asks for a password): exactly `mkdir`, `tee` and `rmdir`, on paths of ours. */
export function sudoControlFiles(processes: Processes): ControlFiles {
  const sudo = async (args: readonly string[], input = ''): Promise<void> => {
    const done = await processes.run('sudo', ['-n', '--', ...args], { input, deadlineMs: DEADLINE_MS })
    if (done.code !== 0)
      throw new Error(`sudo ${args.join(' ')}: ${done.problem ?? (done.stderr.trim() || `status ${done.code}`)}`)
  }
  return {
    means: 'sudo',
    makeDirectory: (path) => sudo(['mkdir', path]),
    write: (path, text) => sudo(['tee', path], text),
    removeDirectory: (path) => sudo(['rmdir', path])
  }
}
