import { randomUUID } from 'node:crypto'
import { appendFileSync, statSync } from 'node:fs'
import * as core from '@actions/core'
import type { Annotation, Runner } from '../ports/runner.ts'
import { inertLines } from './inert-line.ts'
import { lineBreak } from './node-output.ts'

/** The runner shows nothing of a summary above 1024 KiB; 24 of them are left for others who write to the same file. */
const MOST_SUMMARY_BYTES = 1000 * 1024

/** The Actions runner, with what only an action of it has. */
export interface ActionsRunner extends Runner {
  /** Text of an input as it was given; empty without. */
  input(name: string): string
  /** For `post`; the build can have changed it. */
  saveState(name: string, value: string): void
  getState(name: string): string
  isDebug(): boolean
}

export function actionsRunner(): ActionsRunner {
  return {
    line: printLines,
    debug(text) {
      if (core.isDebug()) onOwnLine(() => core.debug(text()))
    },
    annotate,
    appendSummary,
    summaryRoomBytes: () => roomIn(summaryFile()),
    // The toolkit has no functions for these two (docs/problem-matchers.md of actions/toolkit).
    removeMatcher: (owner) => onOwnLine(() => process.stdout.write(`::remove-matcher owner=${owner}::\n`)),
    addMatcher: (path) => onOwnLine(() => process.stdout.write(`::add-matcher::${path}\n`)),
    setOutput,
    withoutCommands,
    input: (name) => core.getInput(name, { trimWhitespace: false }),
    saveState: (name, value) => core.saveState(name, value),
    getState: (name) => core.getState(name),
    isDebug: () => core.isDebug()
  }
}

function printLines(text: string): void {
  onOwnLine(() => {
    for (const line of inertLines(text)) core.info(line)
  })
}

function onOwnLine(print: () => void): void {
  const before = lineBreak('stdout')
  if (before !== '') process.stdout.write(before)
  print()
}

const ANNOTATE = { error: core.error, warning: core.warning, notice: core.notice }

function annotate({ level, title, message, file, line, column }: Annotation): void {
  const properties = {
    title,
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { startLine: line }),
    ...(column === undefined ? {} : { startColumn: column })
  }
  onOwnLine(() => ANNOTATE[level](message, properties))
}

function appendSummary(markdown: string): string | null {
  const file = summaryFile()
  if (file === null) return 'the runner names no summary file'
  try {
    // What stands there already may end in the middle of a paragraph.
    const text = sizeOf(file) > 0 ? `\n\n${markdown}\n` : `${markdown}\n`
    const [bytes, room] = [Buffer.byteLength(text), roomIn(file)]
    if (bytes > room) return `${bytes} bytes do not fit, the summary file has room for ${room}`
    appendFileSync(file, text)
    return null
  } catch (fault) {
    return messageOf(fault)
  }
}

function summaryFile(): string | null {
  return process.env['GITHUB_STEP_SUMMARY'] || null
}

function roomIn(file: string | null): number {
  if (file === null) return 0
  try {
    return Math.max(0, MOST_SUMMARY_BYTES - sizeOf(file))
  } catch {
    return 0
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

/** The build can have removed the file that outputs go to; that must not hide how it ended. */
function setOutput(name: string, value: string): void {
  try {
    core.setOutput(name, value)
  } catch (fault) {
    printLines(`guard: output ${name} could not be set: ${messageOf(fault)}`)
  }
}

function withoutCommands(print: () => void): void {
  const token = randomUUID()
  process.stdout.write(`${lineBreak('stdout')}::stop-commands::${token}\n`)
  try {
    print()
  } finally {
    process.stdout.write(`::${token}::\n`)
  }
}

function messageOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault)
}
