// A small repository of Go with two modules, workflows around it, and the events that start them.

/** A program at the root, and a module of its own in `api`, which the root does not see. */
export const goodShop = {
  'go.mod': 'module example.com/shop\n\ngo 1.21\n',
  'main.go': 'package main\n\nimport "example.com/shop/tax"\n\nfunc main() { println(tax.Rate) }\n',
  'tax/tax.go': 'package tax\n\nconst Rate = 7\n',
  'api/go.mod': 'module example.com/shop/api\n\ngo 1.21\n',
  'api/api.go': 'package api\n\nconst Version = 1\n'
} as const

/** Both modules fail: the root in `tax`, on two lines, and `api`, on one. */
export const brokenShop = {
  ...goodShop,
  'tax/tax.go': 'package tax\n\nconst Rate = base\n\nvar Name string = 7\n',
  'api/api.go': 'package api\n\nfunc Version() int {\n\treturn version\n}\n'
} as const

/** One job; the steps are YAML flow mappings, after the checkout that `uses: ./` needs. */
export function oneJob(steps: readonly string[], event = 'push'): string {
  const list = ['{ uses: actions/checkout@v5 }', ...steps].map((step) => `      - ${step}\n`)
  return `on: ${event}\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n${list.join('')}`
}

/** A step that uses the action, as YAML. */
export function guarded(
  id: string,
  inputs: Readonly<Record<string, string | number>> = {},
  rest: Readonly<Record<string, unknown>> = {}
): string {
  return JSON.stringify({ id, uses: './', with: inputs, ...rest })
}

/** A step that runs a script as it is, as YAML. */
export function plain(id: string, run: string, rest: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ id, run, ...rest })
}

export const REPOSITORY = 'octo-org/hello'

/** Pull request 7, or another number, with this head. */
export function pullRequest(headSha: string, number = 7): { readonly name: string; readonly payload: unknown } {
  const repo = { full_name: REPOSITORY }
  const head = { sha: headSha, ref: 'topic', repo }
  const payload = { action: 'synchronize', number, pull_request: { number, head, base: { ref: 'main', repo } } }
  return { name: 'pull_request', payload }
}

/** Variables of a run that act itself numbers 1, and the file of the workflow, which act does not tell. */
export function runVariables(runNumber: number): Readonly<Record<string, string>> {
  return {
    GITHUB_RUN_ID: String(4700 + runNumber),
    GITHUB_RUN_NUMBER: String(runNumber),
    GITHUB_WORKFLOW_REF: `${REPOSITORY}/.github/workflows/ci.yml@refs/pull/7/merge`
  }
}

/** Lines that the guard wrote itself. */
export function guardLines(log: readonly string[]): string[] {
  return log.filter((line) => line.startsWith('guard: '))
}

/** Lines of the command. */
export function commandLines(log: readonly string[]): string[] {
  return log.filter((line) => !line.startsWith('guard: '))
}
