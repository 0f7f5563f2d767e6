// The lanes share the machine (its memory, its cgroups, its processes), so their files run one after another.
import TestRunner from 'jest-runner'

export default class SerialRunner extends TestRunner {
  isSerial = true
}
