import { describe, expect, test } from '@jest/globals'
import { KIB } from '../../src/model/bytes.ts'
import { processSampler } from '../../src/observe/process-sampler.ts'
import { toolWork } from '../../src/observe/tool-work.ts'
import { memoryFiles } from '../fakes/memory-files.ts'

const COMPILE = ['/usr/local/go/pkg/tool/linux_amd64/compile', '-o', '$WORK/b001/_pkg_.a', '-p', 'main', '-lang=go1.24']

describe('what a tool works on', () => {
  test('is what the Go tool tells it, which for a program is its path and not "main"', () => {
    expect(toolWork(COMPILE, ['HOME=/root', 'TOOLEXEC_IMPORTPATH=example.com/m/cmd/server'], 'compile')).toEqual({
      tool: 'compile',
      package: 'example.com/m/cmd/server'
    })
  })

  test('is told to what the tool starts in turn', () => {
    expect(toolWork(['/usr/lib/gcc/cc1', '-quiet'], ['TOOLEXEC_IMPORTPATH=runtime/cgo'], 'cc1').package).toBe(
      'runtime/cgo'
    )
  })

  test('is read from the arguments where an old release does not tell', () => {
    expect(toolWork(COMPILE, [], 'compile').package).toBe('main')
    expect(toolWork(['…/cgo', '-importpath', 'runtime/cgo'], [], 'cgo').package).toBe('runtime/cgo')
  })

  test('is told on Windows by the same names, with their ending', () => {
    const argv = ['C:\\go\\pkg\\tool\\windows_amd64\\compile.exe', '-o', 'x', '-p', 'example.com/a']
    expect(toolWork(argv, [], '')).toEqual({ tool: 'compile', package: 'example.com/a' })
    expect(toolWork(['go.exe', 'build'], [], '')).toEqual({ tool: 'go', package: null })
  })

  test('is nothing for a program that only happens to have a flag -p', () => {
    expect(toolWork(['/usr/bin/mkdir', '-p', 'out'], [], 'mkdir')).toEqual({ tool: 'mkdir', package: null })
  })
})

describe('sampling processes', () => {
  function machine() {
    const files = memoryFiles({
      '/proc/7/status': 'Name:\tgo\nRssAnon:\t     100 kB\nRssFile:\t 900 kB\nRssShmem:\t       4 kB\n',
      '/proc/7/cmdline': 'go\0build\0',
      '/proc/7/environ': 'HOME=/root\0'
    })
    return { files, sample: processSampler(files, '') }
  }

  test('counts anonymous and shared memory, not mapped files', () => {
    const { sample } = machine()
    expect(sample([7])).toEqual([{ pid: 7, tool: 'go', package: null, bytes: 104 * KIB }])
  })

  test('asks again when a fork has become another program', () => {
    const { files, sample } = machine()
    sample([7])
    files.texts.set('/proc/7/status', 'Name:\tcompile\nRssAnon:\t 200 kB\nRssShmem:\t 0 kB\n')
    files.texts.set('/proc/7/cmdline', `${COMPILE.join('\0')}\0`)
    expect(sample([7])[0]).toMatchObject({ tool: 'compile', package: 'main' })
  })

  test('reads the arguments of a process once', () => {
    const { files, sample } = machine()
    sample([7])
    files.refused.set('/proc/7/cmdline', 'EACCES')
    expect(sample([7])[0]?.tool).toBe('go')
  })

  test('leaves out what has just ended', () => {
    const { sample } = machine()
    expect(sample([7, 8])).toHaveLength(1)
  })
})
