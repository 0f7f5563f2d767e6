import type { Seen, Strike } from './chaos-run.ts'

/** What is wrong with what was seen, each a sentence; empty is how it has to be. */
export function wrongs(strike: Strike, seen: Seen): readonly string[] {
  return [
    ...seen.left.map((one) => `left behind: ${one}`),
    ...(isGuardKilled(seen) ? ofDeadGuard(seen) : ofVerdict(strike, seen))
  ]
}

function isGuardKilled({ exit }: Seen): boolean {
  return exit === 'SIGKILL'
}

function ofDeadGuard({ aftermath, verdict, isDone }: Seen): readonly string[] {
  const hasToTell = aftermath?.journal === 'begun'
  return [
    ...(aftermath !== null && aftermath.isTold !== hasToTell
      ? [
          hasToTell
            ? 'post does not say that the guard died'
            : 'post says that a guard died which had ended or not begun'
        ]
      : []),
    ...(verdict !== null && verdict.conclusion === 'success' && !isDone
      ? ['a build that did not finish is a success']
      : [])
  ]
}

function ofVerdict({ victim }: Strike, seen: Seen): readonly string[] {
  const { struck, exit, isDone, verdict, othersDied } = seen
  if (verdict === null) return ['there is no report']
  const isGreen = exit === 0
  if (isGreen !== (verdict.conclusion === 'success')) return [`exit ${exit} with conclusion ${verdict.conclusion}`]
  if (isGreen) return isDone ? [] : ['a build that did not finish is green']
  const isOfBuild = struck !== null && (victim === 'command' || victim === 'descendant')
  if (!isOfBuild) return [`nobody touched the build, and it ended with ${exit}: ${verdict.cause}`]
  return [
    ...(verdict.cause === 'signal.kill' ? [] : [`a kill is called ${verdict.cause || 'nothing'}`]),
    ...(verdict.outOfMemory === 'false' || (othersDied && verdict.outOfMemory === 'unknown')
      ? []
      : [`out-of-memory is ${verdict.outOfMemory}`])
  ]
}
