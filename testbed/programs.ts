import { randomUUID } from 'node:crypto'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const programs = join(import.meta.dirname, '../__tests__/programs')

/** A copy of `__tests__/programs/NAME` in a new directory. */
export function program(name: string, directory: string): string {
  cpSync(join(programs, name), directory, { recursive: true })
  return directory
}

interface Appetite {
  /** 6000 make Go 1.26's compiler need 250 to 300 MiB, 3000 half of that, and a fifth less with GOGC=25. */
  readonly methods?: number
  /** That many packages alike, compiled at the same time: `example.com/hungry/appetite`, `…/appetite2`, … */
  readonly packages?: number
}

/** A module that needs much memory to compile. Each is unlike any other that was built, so that no cache has it. */
export function hungryProgram(directory: string, { methods = 6000, packages = 1 }: Appetite = {}): string {
  const names = Array.from({ length: packages }, (_, i) => `appetite${i === 0 ? '' : i + 1}`)
  for (const name of names) {
    mkdirSync(join(directory, name), { recursive: true })
    writeFileSync(join(directory, name, 'appetite.go'), appetite(name, methods))
  }
  writeFileSync(join(directory, 'go.mod'), 'module example.com/hungry\n\ngo 1.21\n')
  const imports = names.map((name) => `import "example.com/hungry/${name}"\n`)
  const uses = names.map((name) => `\tnew(${name}.Meal).Course0(1, "a")\n`)
  writeFileSync(join(directory, 'main.go'), `package main\n\n${imports.join('')}\nfunc main() {\n${uses.join('')}}\n`)
  return directory
}

function appetite(name: string, methods: number): string {
  const unlike = `const Unlike = "${randomUUID()}"`
  const meal = 'type Meal struct {\n\teaten, left int\n\tname string\n\tplates map[string]int\n}'
  const courses = Array.from({ length: methods }, (_, i) => course(i))
  return [`package ${name}`, unlike, meal, ...courses, ''].join('\n\n')
}

function course(i: number): string {
  return `func (m *Meal) Course${i}(size int, of string) (int, string) {
	if m.plates[of] > size+${i} {
		m.eaten += size * ${i}
		m.name = of + m.name
	} else {
		m.left -= len(of)
		m.plates[of]++
	}
	for bite := 0; bite < size; bite++ {
		m.eaten += bite ^ ${i}
	}
	return m.eaten + m.left*${i}, m.name
}`
}
