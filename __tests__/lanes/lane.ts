import { describe, test } from '@jest/globals'

/**
 * A lane needs something of the machine. With a reason why this machine cannot give it, the lane becomes one skipped
 * test whose title says why, so that no lane ever disappears in silence.
 */
export function lane(name: string, reason: string | null, body: () => void): void {
  if (reason === null) {
    describe(name, body)
  } else {
    test.skip(`${name}: skipped, ${reason}`, () => {})
  }
}
