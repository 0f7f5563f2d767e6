/**
 * Bytes that a process moved with system calls, files, pipes and most sockets alike; pages that were read because they
 * had been dropped are not among them. `/proc/PID/io` (proc_pid_io(5)); `null` where it says nothing of the kind:
 *
 *     rchar: 3079
 *     wchar: 168
 *     syscr: 24
 */
export function parseMovedBytes(text: string): number | null {
  const read = /^rchar: (\d+)$/m.exec(text)?.[1]
  const written = /^wchar: (\d+)$/m.exec(text)?.[1]
  return read === undefined || written === undefined ? null : Number(read) + Number(written)
}
