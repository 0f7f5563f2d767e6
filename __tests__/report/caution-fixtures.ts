import type { Report } from '../../src/model/report.ts'
import { SUCCESS } from './fixtures.ts'

/** Green, with something to look at before and after. */
export const CAUTIONED: Report = {
  ...SUCCESS,
  command: 'GOOS=windows\ngo build -o bin/app.exe .',
  preflight: {
    findings: [
      {
        id: 'preflight.goflags-hidden',
        title: 'GOFLAGS is set twice',
        found:
          '`GOFLAGS=-trimpath` in the environment hides `-tags=integration`, which `go env -w` wrote to `/home/runner/.config/go/env`.',
        why: 'The environment replaces what `go env -w` wrote, it does not add to it: those flags are lost.',
        remedy: {
          text: 'set all of them in one place:',
          snippet: { language: 'yaml', lines: ['env:', '  GOFLAGS: -tags=integration -trimpath'] }
        },
        place: null
      }
    ],
    notChecked: ['C compiler: no answer in time']
  },
  verification: [
    {
      id: 'silent.target',
      title: 'The program is for another target',
      found:
        '`bin/app.exe` is for `linux/amd64`; `GOOS=windows` stands in a line of its own, and `go` does not see it.',
      why: 'It does not start on the machine that it is meant for.',
      remedy: { text: 'export it:', snippet: { language: 'sh', lines: ['export GOOS=windows'] } },
      place: null
    }
  ]
}
