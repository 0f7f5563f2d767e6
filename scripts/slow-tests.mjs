// Jest knows a timeout per run, not per project: the slow project sets its own in each file.
import { afterAll, jest } from '@jest/globals'
import { endAll } from '../testbed/at-end.ts'

jest.setTimeout(600_000)
afterAll(endAll, 60_000)
