/** Changing cgroups, as who we are or through `sudo -n`: the only things that the guard changes outside its own files. */
export interface ControlFiles {
  /** `direct` or `sudo`, for the log. */
  readonly means: 'direct' | 'sudo'
  /** Each throws an `Error` with the path and what the system said. */
  makeDirectory(path: string): Promise<void>
  write(path: string, text: string): Promise<void>
  removeDirectory(path: string): Promise<void>
  /** SIGKILL, for kernels without `cgroup.kill`; who is gone, or is not ours to end, is no error. */
  kill(pids: readonly number[]): Promise<void>
  /** Throws what systemd said, or why it could not be asked. */
  callSystemd(call: SystemdCall): Promise<void>
}

/** A method of `org.freedesktop.systemd1.Manager` (org.freedesktop.systemd1(5)). */
export interface SystemdCall {
  /** The one of the machine, or that of our user. */
  readonly manager: 'system' | 'user'
  readonly method: 'StartTransientUnit' | 'AttachProcessesToUnit'
  /** Signature and values, as `busctl call` takes them. */
  readonly args: readonly string[]
}
