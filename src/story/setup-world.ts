import type { Settings } from '../model/settings.ts'
import type { Survey } from '../model/survey.ts'
import type { Files } from '../ports/files.ts'
import type { Place } from '../ports/ports.ts'

/** What it takes to read a set-up. */
export interface SetupWorld {
  readonly files: Files
  readonly place: Pick<Place, 'root' | 'platform' | 'environment' | 'github'>
  readonly settings: Settings
  readonly survey: Survey
  /** The environment of the build. */
  readonly environment: Readonly<Record<string, string>>
  readonly workingDirectory: string
}

/** Lets others run; answers whether there is time left. */
export type Breathe = () => Promise<boolean>
