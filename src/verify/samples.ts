import type { Asked, Program } from './green-run.ts'

/** A program as it should be: the samples change one thing in it. */
export const BUILT: Program = {
  name: 'bin/app',
  isNamed: true,
  isThere: true,
  isNew: true,
  info: {
    settings: { GOOS: 'linux', GOARCH: 'amd64', CGO_ENABLED: '0', 'vcs.revision': '1608e7b', 'vcs.modified': 'false' },
    modules: [{ path: 'example.com/x', version: 'v1.2.3', replacedBy: null }]
  },
  asked: {
    unexported: {},
    writtenFlags: null,
    otherModFile: null,
    isStampWanted: false,
    requires: [{ path: 'example.com/x', version: 'v1.2.3', isIndirect: false, line: 5 }]
  }
}

export function builtWith(
  settings: Readonly<Record<string, string>>,
  change: Partial<Program> = {},
  asked: Partial<Asked> = {}
): Program {
  const info = { settings: { ...BUILT.info?.settings, ...settings }, modules: BUILT.info?.modules ?? [] }
  return { ...BUILT, info, ...change, asked: { ...BUILT.asked, ...asked } }
}
