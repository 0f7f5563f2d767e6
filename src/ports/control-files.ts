/** Changing cgroups, directly as root or through `sudo -n`: the only writes the guard makes outside its own files. */
export interface ControlFiles {
  /** `direct` or `sudo`, for the log. */
  readonly means: 'direct' | 'sudo'
  /** Each throws an `Error` with the path and what the system said. */
  makeDirectory(path: string): Promise<void>
  write(path: string, text: string): Promise<void>
  removeDirectory(path: string): Promise<void>
}
