import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { fileUrl, runUrl } from '../../src/report/links.ts'
import { LINK } from './fixtures.ts'
import { hostileText } from './hostile.ts'

const HOME = `https://github.com/acme/shop/blob/${LINK.sha}`

describe('links', () => {
  test('go to the built commit, segments percent-encoded', () => {
    expect(fileUrl(LINK, 'cmd/a b/#1(x).go', 7)).toBe(`${HOME}/cmd/a%20b/%231%28x%29.go#L7`)
  })

  test.each(['../x.go', 'a/../../x.go', '/etc/passwd', 'a//b.go', './x.go', 'a\\b.go', ''])('%j gets none', (path) => {
    expect(fileUrl(LINK, path, 1)).toBeNull()
  })

  test('never leave the repository, and hold nothing that Markdown reads', () => {
    fc.assert(
      fc.property(hostileText, (path) => {
        const url = fileUrl(LINK, path, 1)
        if (url !== null) expect(url).toMatch(new RegExp(`^${HOME}/[\\w%.~/-]+#L1$`))
      })
    )
  })

  test.each([
    { ...LINK, serverUrl: 'javascript:alert(1)' },
    { ...LINK, serverUrl: 'https://x.example)' },
    { ...LINK, repository: 'acme' },
    { ...LINK, repository: 'acme/..' },
    { ...LINK, repository: 'acme/shop)[x](y' },
    { ...LINK, sha: 'main' }
  ])('%j is not trusted', (link) => {
    expect(fileUrl(link, 'a.go', 1)).toBeNull()
  })

  test('a run has its page', () => {
    expect(runUrl(LINK, 42)).toBe('https://github.com/acme/shop/actions/runs/42')
    expect(runUrl(LINK, 0)).toBeNull()
    expect(runUrl(null, 42)).toBeNull()
  })
})
