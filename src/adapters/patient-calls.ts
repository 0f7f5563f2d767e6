import { formatDuration } from '../model/duration.ts'
import type { Clock } from '../ports/clock.ts'
import { PullRequestFault } from '../ports/pull-requests.ts'
import { type ApiFault, apiFault, isGone, isPassing, isPermission } from './api-fault.ts'

const MOST_RETRIES = 2
const PATIENCE_MS = 20_000
const PAUSES_MS = [1000, 3000]

/** Sends one request; the signal ends it when its time is over. */
type Send<T> = (signal: AbortSignal) => Promise<T>

/** Requests that belong together and share their patience: two retries, none that would begin after 20 s. */
export interface PatientCalls {
  /**
   * `done` is asked before a retry after which it is not known whether the request was carried out; its answer stands
   * for that of the request. Throws {@link PullRequestFault}, which names `what` ("listing the comments").
   */
  send<T>(what: string, send: Send<T>, done?: () => Promise<T | null>): Promise<T>
}

export function patientCalls(clock: Clock, timeoutMs: number): PatientCalls {
  const startedMs = clock.nowMs()
  let retries = 0
  return {
    async send(what, send, done) {
      for (;;) {
        const signal = AbortSignal.timeout(timeoutMs)
        try {
          return await send(signal)
        } catch (thrown) {
          const fault = apiFault(thrown)
          if (signal.aborted) throw new PullRequestFault(`${what}: no answer in ${formatDuration(timeoutMs)}`, false)
          const pauseMs = fault.retryAfterMs ?? PAUSES_MS[retries] ?? PATIENCE_MS
          const isInTime = clock.nowMs() + pauseMs - startedMs <= PATIENCE_MS
          if (!isPassing(fault) || retries >= MOST_RETRIES || !isInTime) throw inWords(what, fault)
          retries++
          await clock.sleep(pauseMs)
          const answer = fault.isRateLimit ? null : await done?.()
          if (answer !== null && answer !== undefined) return answer
        }
      }
    }
  }
}

function inWords(what: string, fault: ApiFault): PullRequestFault {
  const answer = fault.status === null ? 'no answer' : `GitHub answered ${fault.status}`
  return new PullRequestFault(`${what}: ${answer} (${fault.message})`, isPermission(fault), isGone(fault))
}
