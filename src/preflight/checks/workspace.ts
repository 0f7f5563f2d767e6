import { code, prose } from '../../model/prose.ts'
import { advice, type Check, commands, distinct, type Hit } from '../definition.ts'
import type { Call, Setup, Workspace } from '../setup.ts'
import { knownVariable, moduleCalls } from '../variables.ts'
import { compareGoReleases } from '../versions.ts'

/** A go.work that leaves out the module in which the build runs. */
export const workspaceHides: Check = {
  id: 'preflight.workspace-hides-module',
  title: 'go.work leaves this module out',
  why: 'In a workspace Go builds only the modules that go.work uses, and takes no other for a main module.',
  when: 'Said where a go.work is in force for a call of `go` that builds packages by path, and none of its `use` lines names the directory of the go.mod above that call.',
  examine: (setup) => distinct(moduleCalls(setup).flatMap(hidden)),
  links: ['https://go.dev/ref/mod#workspaces']
}

/** A go.work from outside of the repository. */
export const workspaceAbove: Check = {
  id: 'preflight.workspace-above',
  title: 'A go.work outside of the repository is in force',
  why: 'It replaces versions and directories of modules without a line of the repository saying so.',
  when: 'Said on GitHub where the go.work that Go found on its way up stands above `GITHUB_WORKSPACE`; not where GOWORK names it.',
  examine: ({ repositoryRoot, ...setup }) => {
    const calls = moduleCalls({ repositoryRoot, ...setup })
    return distinct(
      calls.flatMap(({ place: { workspace }, directory }) => {
        if (repositoryRoot === null || workspace?.origin !== 'found' || workspace.content === null) return []
        if (!`${directory}/`.startsWith(`${repositoryRoot}/`) || workspace.file.startsWith(`${repositoryRoot}/`))
          return []
        return [
          {
            found: prose`${code(workspace.file)} is in force, and the repository is ${code(repositoryRoot)}.`,
            remedy: {
              text: prose`build without it:`,
              snippet: { language: 'yaml', lines: ['env:', "  GOWORK: 'off'"] }
            }
          }
        ]
      })
    )
  },
  links: ['https://go.dev/ref/mod#workspaces']
}

/** A go.work that Go refuses. */
export const workspaceBroken: Check = {
  id: 'preflight.workspace',
  title: 'go.work does not fit its modules',
  why: 'Go reads every module of the workspace before it builds the first package, and stops at one that does not fit.',
  when: 'Said where GOWORK names a file that is not there, where a `use` names a directory without go.mod, and where a module asks for a newer Go than go.work does.',
  examine: (setup) => distinct(moduleCalls(setup).flatMap((call) => broken(setup, call))),
  links: ['https://go.dev/ref/mod#go-work-file', 'https://go.dev/doc/toolchain#work']
}

function hidden({ place: { workspace, module }, directory, operands }: Call): readonly Hit[] {
  if (workspace?.content == null || module === null) return []
  const home = parentOf(module.file)
  const isByPath = operands.every((operand) => operand !== null && /^\.\.?(?:\/|$)/.test(operand))
  const isUsed = workspace.members.some((member) => member.directory === home)
  // A directory above all members builds those below it: `go build ./a/... ./b/...` from the root of the workspace.
  const holdsMembers = workspace.members.some((member) => member.directory.startsWith(`${directory}/`))
  if (!isByPath || isUsed || holdsMembers) return []
  return [
    {
      found: prose`${code(workspace.file)} is in force, and uses no directory ${code(home)}.`,
      remedy: commands(
        prose`add the module, or build without the workspace (${code('GOWORK=off')}):`,
        `go work use ${home}`
      ),
      place: { file: workspace.file, line: workspace.content.uses[0]?.line ?? 1 }
    }
  ]
}

function broken(setup: Setup, call: Call): readonly Hit[] {
  const { workspace } = call.place
  if (workspace === null) return []
  if (workspace.content === null) {
    const variable = knownVariable(setup, call, 'GOWORK')
    return variable === null
      ? []
      : [
          {
            found: `${variable.words}${prose`, and this file is not there.`}`,
            remedy: advice(prose`correct GOWORK, or set it to ${code('off')}.`)
          }
        ]
  }
  return [...missingMembers(workspace), ...tooNew(workspace)]
}

function missingMembers({ file, members }: Workspace): readonly Hit[] {
  return members
    .filter(({ module }) => module === null)
    .map(({ path, line }) => ({
      found: prose`${code(file)} uses ${code(path)}, and there is no go.mod.`,
      remedy: commands(prose`take it out, or check it out before:`, `go work edit -dropuse=${path}`),
      place: { file, line }
    }))
}

/** A go.work without a go line counts as 1.18, from before there was one to compare. */
function tooNew({ file, content, members }: Workspace): readonly Hit[] {
  const own = content?.go ?? null
  if (own === null) return []
  return members
    .filter(({ module }) => (compareGoReleases(module?.go?.version ?? '1.0', own.version) ?? 0) > 0)
    .map(({ path, module }) => ({
      found: prose`${code(path)} asks for Go ${code(module?.go?.version ?? '')}, and ${code(file)} for ${code(own.version)}.`,
      remedy: commands(prose`raise the line of go.work:`, 'go work use'),
      place: { file, line: own.line }
    }))
}

function parentOf(file: string): string {
  return file.replace(/[\\/][^\\/]+$/, '')
}
