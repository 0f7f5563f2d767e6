/** Why a request to GitHub failed. */
export interface ApiFault {
  /** `null`: no answer at all, or none in time. */
  readonly status: number | null
  /** What GitHub said, or the system. */
  readonly message: string
  /** GitHub asks for this much patience (`retry-after`, whole seconds); `null`: it does not say. */
  readonly retryAfterMs: number | null
  /** Answered with 403 or 429, and not for want of permission. */
  readonly isRateLimit: boolean
}

/** Reads what octokit throws: an `Error` with `status` (500 also where nothing answered) and perhaps a `response`. */
export function apiFault(thrown: unknown): ApiFault {
  const response = member(thrown, 'response')
  const thrownMessage = String(member(thrown, 'message') ?? thrown)
  // "Not Found - https://docs.github.com/rest/…": the address is octokit's addition.
  const message = (thrownMessage.split('\n')[0] ?? '').replace(/ - https:\S+$/, '').slice(0, 200)
  const status = member(response, 'status')
  const headers = member(response, 'headers')
  const retryAfter = /^\d+$/.exec(String(member(headers, 'retry-after') ?? ''))
  const isExhausted = String(member(headers, 'x-ratelimit-remaining') ?? '') === '0'
  const isLimited = retryAfter !== null || isExhausted || /rate limit/i.test(message)
  return {
    status: typeof status === 'number' ? status : null,
    message,
    retryAfterMs: retryAfter === null ? null : Number(retryAfter[0]) * 1000,
    isRateLimit: status === 429 || (status === 403 && isLimited)
  }
}

/** Whether the same request may pass a little later. */
export function isPassing({ status, isRateLimit }: ApiFault): boolean {
  return status === null || status >= 500 || isRateLimit
}

/** 404 is what GitHub says of a repository that the token may not see. */
export function isPermission({ status, isRateLimit }: ApiFault): boolean {
  return (status === 403 && !isRateLimit) || status === 404
}

/** 410 is what GitHub may say of something that was deleted. */
export function isGone({ status }: ApiFault): boolean {
  return status === 404 || status === 410
}

function member(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined
}
