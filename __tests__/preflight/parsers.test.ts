import { describe, expect, test } from '@jest/globals'
import { parseModFile, replacementFor } from '../../src/preflight/mod-file.ts'
import { parseModulesTxt } from '../../src/preflight/modules-txt.ts'
import { parseSourceFile } from '../../src/preflight/source-file.ts'
import { compareGoReleases, compareModuleVersions } from '../../src/preflight/versions.ts'

describe('go.mod and go.work', () => {
  const text = [
    'module "example.com/app" // Deprecated: gone',
    '',
    'go 1.24.1',
    'toolchain go1.24.3',
    'require (',
    '\texample.com/x v1.2.3',
    '\texample.com/y v0.0.0-2024 // indirect; used by x',
    ')',
    'require example.com/z v2.0.0+incompatible // see ( below )',
    'replace (',
    '\texample.com/x v1.2.3 => ../x',
    '\texample.com/x => example.com/fork v1.0.0',
    ')',
    'use ./a // one',
    'retract [v1.0.0, v1.1.0]'
  ].join('\r\n')
  const file = parseModFile('/w/go.mod', text)

  test('are read with their lines', () => {
    expect(file).toMatchObject({
      module: 'example.com/app',
      go: { version: '1.24.1', line: 3 },
      toolchain: { version: 'go1.24.3', line: 4 },
      requires: [
        { path: 'example.com/x', version: 'v1.2.3', isIndirect: false, line: 6 },
        { path: 'example.com/y', isIndirect: true, line: 7 },
        { path: 'example.com/z', isIndirect: false, line: 9 }
      ],
      uses: [{ path: './a', line: 14 }]
    })
  })

  test('a replacement of one version goes before one of all', () => {
    expect(replacementFor(file.replaces, { path: 'example.com/x', version: 'v1.2.3' })?.newPath).toBe('../x')
    expect(replacementFor(file.replaces, { path: 'example.com/x', version: 'v1.2.4' })?.newPath).toBe(
      'example.com/fork'
    )
    expect(replacementFor(file.replaces, { path: 'example.com/y', version: 'v1.2.4' })).toBeNull()
  })

  test.each(['', 'module', 'require (', 'replace => x', 'go\n)\n(((', '"', '\0'])('%j does no harm', (broken) => {
    expect(parseModFile('/w/go.mod', broken)).toMatchObject({ requires: [], replaces: [] })
  })
})

describe('versions', () => {
  test.each([
    ['1.21', 'go1.21.0', -1],
    ['1.20', 'go1.20.0', 0],
    ['1.21rc1', '1.21', 1],
    ['1.21rc2', '1.21.0', -1],
    ['1.22', '1.21.9', 1],
    ['go1.26.8', '1.26.8', 0],
    ['go1.26.8-custom', '1.26.9', -1],
    ['devel +abc', '1.21', null]
  ])('of Go: %s and %s', (a, b, order) => {
    expect(compareGoReleases(a, b)).toBe(order)
  })

  test.each([
    ['v1.2.3', 'v1.2.10', -1],
    ['v1.0.0-rc.1', 'v1.0.0', -1],
    ['v1.0.0-rc.2', 'v1.0.0-rc.10', -1],
    ['v1.0.0-alpha', 'v1.0.0-1', 1],
    ['v0.0.0-20240101000000-abcdefabcdef', 'v0.0.0-20230101000000-abcdefabcdef', 1],
    ['v2.0.0+incompatible', 'v2.0.0', 0],
    ['(devel)', 'v1.0.0', null]
  ])('of modules: %s and %s', (a, b, order) => {
    expect(compareModuleVersions(a, b)).toBe(order)
  })
})

test('vendor/modules.txt tells what is explicit and what is replaced', () => {
  const text = [
    '## workspace',
    '# example.com/x v1.2.3 => ../x',
    '## explicit; go 1.20',
    'example.com/x/sub',
    '# example.com/y v0.1.0',
    '# example.com/x => ../x'
  ].join('\n')
  expect(parseModulesTxt(text)).toEqual({
    isOfWorkspace: true,
    modules: [
      { path: 'example.com/x', version: 'v1.2.3', isExplicit: true, replacement: { path: '../x', version: null } },
      { path: 'example.com/y', version: 'v0.1.0', isExplicit: false, replacement: null },
      { path: 'example.com/x', version: null, isExplicit: false, replacement: { path: '../x', version: null } }
    ]
  })
  expect(parseModulesTxt('')).toEqual({ isOfWorkspace: false, modules: [] })
})

describe('a Go file', () => {
  const cgo =
    'package a\n\n/*\n#include "x.h"\nimport "nothing"\n*/\nimport "C"\n\nimport (\n\tx "example.com/x" // "not/this"\n\t_ `example.com/y`\n)\n\nfunc f() { import_ := `import "z"` }\n'

  test('tells its imports, and not what stands in comments', () => {
    expect(parseSourceFile('/w/a.go', cgo)).toMatchObject({
      cgoLine: 7,
      imports: ['C', 'example.com/x', 'example.com/y'],
      isConstrained: false,
      isTest: false
    })
  })

  test.each([
    ['/w/a_windows.go', 'package a\n', true],
    ['/w/a_linux_arm64.go', 'package a\n', true],
    ['/w/a_linux_test.go', 'package a\n', true],
    ['/w/a_store.go', 'package a\n', false],
    ['/w/windows.go', 'package a\n', false],
    ['/w/a.go', '// about\n\n//go:build cgo && !windows\n\npackage a\n', true],
    ['/w/a.go', '// +build ignore\n\npackage a\n', true],
    ['/w/a.go', 'package a\n\nfunc f() {}\n\n//go:build late\n', false]
  ])('%s: whether it may be left out', (file, text, isConstrained) => {
    expect(parseSourceFile(file, text).isConstrained).toBe(isConstrained)
  })

  test('tells what it embeds, with the line', () => {
    const text =
      'package a\n\n//go:embed static "with blank.txt" `x`\n//go:embed all:more\nvar f embed.FS\n// go:embed no\n'
    expect(parseSourceFile('/w/a.go', text).embeds).toEqual([
      { pattern: 'static', line: 3 },
      { pattern: 'with blank.txt', line: 3 },
      { pattern: 'x', line: 3 },
      { pattern: 'all:more', line: 4 }
    ])
  })
})
