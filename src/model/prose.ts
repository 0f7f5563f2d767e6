/**
 * One or a few sentences of ours with names of others in them. Between backticks stands what the build, the kernel or
 * the user wrote (untrusted: every renderer escapes it for its place); outside stand only fixed words and numbers.
 * The invariant makes a plain string of it that JSON, a terminal and a Markdown renderer can all take.
 */
export type Prose = string

/** A hole in {@link prose}: what stands in it is either somebody's words or a figure of ours. */
export type Hole = { readonly code: string } | { readonly figure: string }

/** Somebody else's words: a package, a path, a message, a command. A backtick in it becomes an apostrophe. */
export function code(text: string): Hole {
  return { code: text.replaceAll('`', "'").replaceAll(/\s+/g, ' ') }
}

/** A number or fixed word of ours, already formatted. */
export function figure(text: string | number): Hole {
  return { figure: String(text).replaceAll('`', "'") }
}

/** Builds {@link Prose}; a hole must say what it holds, so that nothing untrusted slips in as plain words. */
export function prose(words: TemplateStringsArray, ...holes: readonly Hole[]): Prose {
  return words.reduce((text, word, i) => {
    const hole = holes[i - 1]
    if (hole === undefined) return text + word
    return text + ('code' in hole ? `\`${hole.code}\`` : hole.figure) + word
  })
}

const NAME_MAX = 40

/** The last elements of a path that is too long for a sentence, "…/agent.service/memory.max", long names shortened. */
export function endOfPath(path: string, count: number): string {
  const elements = path.split('/').map((name) => {
    return name.length <= NAME_MAX ? name : `${name.slice(0, 12)}…${name.slice(-12)}`
  })
  return elements.length <= count + 1 ? elements.join('/') : `…/${elements.slice(-count).join('/')}`
}

/** The parts of a {@link Prose} in order, each with whether it is somebody else's words. */
export function proseParts(text: Prose): readonly { readonly text: string; readonly isCode: boolean }[] {
  return text
    .split('`')
    .map((part, i) => ({ text: part, isCode: i % 2 === 1 }))
    .filter((part) => part.text !== '')
}
