import { code, prose } from '../../model/prose.ts'
import { ASSERTED } from '../assertion.ts'
import { advice, type Definition, decidedByWording } from '../definition.ts'
import { wasAnyHit } from '../log-hits.ts'

/** The server of the platform lost the machine. */
export const runnerLost: Definition = decidedByWording({
  id: 'runner.lost',
  title: 'The server lost the runner',
  meaning:
    'The machine or pod that ran the job stopped answering the server. It may have been taken away (a spot instance, a scaled-down node), have crashed, lost its network, or have been so short of CPU or memory that its agent could not answer. The message of GitHub names all of these as possibilities; none of them is shown by it.',
  patterns: [
    {
      // The hosted runner: GitHub Actions 8 lost communication with the server. Anything in your workflow that …
      name: 'github',
      anchor: [
        'lost communication with the server',
        'encountered an error while running your job',
        'We stopped hearing from agent'
      ],
      regex:
        /lost communication with the server|runner encountered an error while running your job\. \(Error Type: (?:Disconnect|Failure)\)|We stopped hearing from agent/,
      unless: ASSERTED
    },
    {
      // Jenkins: the channel to the agent; GitLab: the executor; Buildkite; Kubernetes: the node
      name: 'other',
      anchor: [
        'ChannelClosedException',
        'nexpected termination of the channel',
        'Agent went offline during the build',
        'was marked offline: Connection was broken',
        'gent was removed',
        'Cannot contact ',
        'Job failed (system failure)',
        'gent was lost',
        'gent lost',
        'NodeLost',
        'Node is not ready',
        'node was lost',
        'deprovision',
        'reempted'
      ],
      regex:
        /ChannelClosedException|[Uu]nexpected termination of the channel|Agent went offline during the build|was marked offline: Connection was broken|[Aa]gent was removed$|^Cannot contact \S{1,200}: |Job failed \(system failure\): .{0,500}(?:not found|connection|timed? ?out|EOF|unreachable|refused)|\b[Aa]gent (?:was )?[Ll]ost\b|\bNodeLost\b|TaintManagerEviction|node was lost|Received request to deprovision|instance (?:was|has been|is being) [Pp]reempted/,
      unless: ASSERTED
    }
  ],
  basis: 'stated',
  endedBy: 'other',
  says: () =>
    prose`The server lost the machine of the job. Its message names CPU and memory as possibilities, which is no evidence of either.`,
  fix: () => [
    advice(
      prose`run the job again: a machine that was taken away or lost its network does not come back twice as a rule.`
    ),
    advice(
      prose`if it happens at the same step again, run that step under this action with a cap (${code('memory-limit')}): then the build dies rather than the machine, and says why.`
    )
  ],
  catches: [
    {
      log: 'The hosted runner: GitHub Actions 8 lost communication with the server. Anything in your workflow that terminates the runner process, starves it for CPU/Memory, or blocks its network access can cause this error.\n'
    },
    {
      log: '##[error]We stopped hearing from agent pool-7. Verify the agent machine is running and has a healthy network connection.\n'
    },
    {
      log: 'hudson.remoting.ChannelClosedException: Channel "node-3": Remote call failed. The channel is closing down\n',
      exitCode: null
    },
    { log: 'The runner has received a shutdown signal.\nThe self-hosted runner lost communication with the server.\n' }
  ],
  ignores: [
    { log: 'The runner has received a shutdown signal.\n' },
    { log: 'client_test.go:9: client lost connection\n--- FAIL: TestClient\nFAIL\n', exitCode: 1 }
  ],
  links: ['https://docs.github.com/actions/how-tos/manage-runners/self-hosted-runners/monitor-and-troubleshoot']
})

/** The runner was told to stop, and stopped the job. */
export const runnerShutdown: Definition = decidedByWording({
  id: 'runner.shutdown',
  title: 'The runner was shut down',
  meaning:
    'The service that runs the job was told to stop while the job ran: a spot instance was reclaimed, a machine was scaled down or updated, or the service manager stopped it, which systemd also does after the kernel killed one of its processes for memory. Statuses 137 and 143 after it are the consequence and say nothing about memory.',
  patterns: [
    {
      name: 'signal',
      anchor: [
        'received a shutdown signal',
        'The runner is shutting down',
        'agent is shutting down',
        'potInterruption',
        'pot interruption',
        'pot Interruption',
        'nstance is being terminated'
      ],
      regex:
        /(?:runner|agent) has received a shutdown signal|The (?:runner|agent) is shutting down|\b[Ss]pot ?[Ii]nterruption\b|instance is being terminated/,
      unless: ASSERTED
    },
    {
      // A Kubernetes pod or a systemd unit that is taken down under the job.
      name: 'platform',
      anchor: ['The system is going down', 'Shutting down runner', 'reclaimed'],
      regex:
        /The system is going down for (?:reboot|power-?off|halt|system halt)|Shutting down runner listener|spot instance .{0,100}reclaimed/,
      unless: ASSERTED
    }
  ],
  basis: 'stated',
  endedBy: 'other',
  unless: ({ evidence: { log } }) => wasAnyHit(log, 'runner.lost'),
  says: () => prose`The runner was told to stop while the job ran; what ended after that ended because of it.`,
  fix: () => [
    advice(prose`run the job again; if the machine is a spot instance, give long jobs one that is not reclaimed.`),
    advice(
      prose`on a machine of your own, see why the service stopped: ${code('journalctl -u "actions.runner.*"')}; where systemd stopped it after an out-of-memory kill, set ${code('OOMPolicy=continue')}.`
    )
  ],
  catches: [
    {
      log: '##[error]The runner has received a shutdown signal. This can happen when the runner service is stopped, or a manually started runner is canceled.\n##[error]The operation was canceled.\n'
    },
    {
      log: 'Killed\n##[error]Process completed with exit code 137.\n##[error]The runner has received a shutdown signal.\n',
      exitCode: 137
    },
    {
      log: '##[error]The agent has received a shutdown signal. This can happen when the agent service is stopped.\nTerminated\n',
      exitCode: 143
    }
  ],
  ignores: [
    { log: '##[error]The operation was canceled.\n' },
    { log: '2026/01/02 03:04:05 server: received shutdown signal\n--- FAIL: TestServe (0.1s)\nFAIL\n', exitCode: 1 }
  ],
  links: [
    'https://docs.github.com/actions/how-tos/manage-runners/self-hosted-runners/monitor-and-troubleshoot',
    'https://github.com/actions/runner'
  ]
})
