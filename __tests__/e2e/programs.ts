import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const programs = join(import.meta.dirname, '../programs')

/** A copy of `__tests__/programs/NAME` in a new directory. */
export function program(name: string, directory: string): string {
  cpSync(join(programs, name), directory, { recursive: true })
  return directory
}

/** Methods that make Go 1.26's compiler need about 300 MiB, and about 220 with GOGC=25. */
export const THREE_HUNDRED_MIB = 6000

/**
 * A module of one package, `example.com/hungry/appetite`, that needs much memory to compile: about 50 MiB a thousand
 * methods. Each is unlike any other built before, so that no cache has it.
 */
export function hungryProgram(directory: string, methods = THREE_HUNDRED_MIB): string {
  mkdirSync(join(directory, 'appetite'), { recursive: true })
  writeFileSync(join(directory, 'go.mod'), 'module example.com/hungry\n\ngo 1.21\n')
  writeFileSync(
    join(directory, 'main.go'),
    'package main\n\nimport "example.com/hungry/appetite"\n\nfunc main() { new(appetite.Meal).Course0(1, "a") }\n'
  )
  const courses = Array.from({ length: methods }, (_, i) => course(i))
  const unlike = `var Unlike = ${process.hrtime.bigint() % 1_000_000_000n}${Math.floor(Math.random() * 1e6)}`
  const meal = 'type Meal struct {\n\teaten, left int\n\tname string\n\tplates map[string]int\n}'
  writeFileSync(
    join(directory, 'appetite/appetite.go'),
    ['package appetite', unlike, meal, ...courses, ''].join('\n\n')
  )
  return directory
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
