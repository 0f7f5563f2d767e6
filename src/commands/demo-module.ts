/** A Go module that the compiler needs a few hundred MiB for, and the standard library hardly at all. */
export interface DemoModule {
  readonly files: Readonly<Record<string, string>>
}

/** Go 1.26 needs about 320 MiB of heap for so many methods, and about 220 MiB if it collects garbage more often. */
const METHODS = 6000

export function demoModule(): DemoModule {
  return {
    files: {
      'go.mod': 'module example.com/demo\n\ngo 1.21\n',
      'main.go': source()
    }
  }
}

function source(): string {
  const methods = Array.from({ length: METHODS }, (_, i) => method(i))
  return [
    'package main',
    '',
    'type T struct {',
    '\ta, b, c int',
    '\ts       string',
    '\tm       map[string]int',
    '}',
    '',
    ...methods,
    'func main() {}',
    ''
  ].join('\n')
}

function method(i: number): string {
  return `func (t *T) M${i}(x int, s string) (int, string) {
\tif t.m[s] > x+${i} {
\t\tt.a += x * ${i}
\t\tt.s = s + t.s
\t} else {
\t\tt.b -= len(s)
\t\tt.m[s]++
\t}
\tfor j := 0; j < x; j++ {
\t\tt.c += j ^ ${i}
\t}
\treturn t.a + t.b*${i}, t.s
}
`
}
