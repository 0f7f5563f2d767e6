import { formatBytes } from '../model/bytes.ts'
import type { Plan } from '../model/plan.ts'
import type { Enforcement } from '../model/report.ts'

/** In plain words: what would be enforced and by whom, each way that was tried, and the plan with its reasons. */
export function describeTrial(enforcement: Enforcement, plan: Plan): readonly string[] {
  const { reasons } = enforcement
  return [
    ...inForce(enforcement),
    ...(reasons.length === 0 ? [] : ['How that was found out, best way first:', ...reasons.map(indented)]),
    `What would be planned for go build ./... (memory: ${plan.level}):`,
    ...plan.reasons.map(({ text }) => indented(text))
  ]
}

function inForce({ inForce, limitBytes, limitSource }: Enforcement): readonly string[] {
  const limit = limitBytes === null ? 'no limit is known' : formatBytes(limitBytes)
  switch (inForce) {
    case 'cgroup-v2':
    case 'cgroup-v1':
      return [`What would be enforced: ${limit} by the kernel, on a cgroup of the build's own (${inForce})`]
    case 'systemd':
      return [`What would be enforced: ${limit} by the kernel, on a scope of systemd of the build's own (systemd)`]
    case 'job-object':
      return [
        `What would be enforced: ${limit} of committed memory by Windows, on a job of the build's own (job-object)`
      ]
    case 'watch':
      return [
        'What would be enforced: nothing by the kernel. The guard itself would end the build before a limit fires (watch).',
        `The nearest limit is ${limit} (${limitSource}). Memory can grow faster than the guard looks: then that limit acts first.`
      ]
    case 'none':
      return ['What would be enforced: nothing. The build would be observed, and its end explained (none).']
  }
}

function indented(text: string): string {
  return `  ${text}`
}
