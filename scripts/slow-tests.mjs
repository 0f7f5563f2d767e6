// Jest knows a timeout per run, not per project: the slow project sets its own in each file.
import { jest } from '@jest/globals'

jest.setTimeout(600_000)
