import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where a command of that name is, or null. */
export function locate(command: string, path = process.env['PATH'] ?? ''): string | null {
  for (const folder of path.split(delimiter)) {
    try {
      accessSync(join(folder, command), constants.X_OK)
      return join(folder, command)
    } catch {
      // not in this folder
    }
  }
  return null
}
