/** Every output of the action with what `action.yml` says of it. */
export const OUTPUTS = {
  conclusion: 'success, recovered (failed for memory, then succeeded), failure, or cancelled.',
  'exit-code':
    'Exit code of the command; 128+n where signal n ended it, 124 after the timeout or a stall, 125 where it could not be run.',
  signal: 'Signal that ended the command, for example SIGKILL; else empty.',
  cause: 'Id of the most likely diagnosis, for example oom.cgroup; else empty.',
  confidence: 'certain, likely or possible; empty without a diagnosis.',
  'out-of-memory': 'true, false or unknown: whether memory ended any attempt.',
  'memory-peak-bytes': 'Highest sample of anonymous and shared memory of the build tree, over all attempts.',
  'memory-limit-bytes': 'Memory limit in force for the build; empty without one.',
  'memory-limit-source': 'Where that limit comes from.',
  enforcement: 'What was in force: cgroup-v2, cgroup-v1, systemd, job-object, watch or none.',
  parallelism: 'Build actions at once in the last attempt.',
  attempts: 'Number of attempts.',
  'duration-ms': 'Duration of all attempts in milliseconds.',
  'report-file': 'Path of the JSON report.',
  'comment-url': 'Address of the pull-request comment; empty without one.'
} as const satisfies Readonly<Record<string, string>>

export type OutputName = keyof typeof OUTPUTS
