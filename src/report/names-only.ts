import { type Prose, proseParts } from '../model/prose.ts'
import { WORDS } from './words.ts'

const WORDS_MAX = 8
const NAME = /^[\w.~/@+:=,%*…()[\]-]+$/
// What Go says of a signal, the same in every build: `signal: killed`, `exit status 1`.
const SIGNAL = /^(?:signal: [a-z ]{1,30}|exit status \d{1,3})$/

/**
 * Prose for a place where the runner masks no secrets: names of packages, files, counters, settings and commands stay,
 * whatever may be a line that the build printed goes.
 */
export function namesOnly(text: Prose): Prose {
  return proseParts(text)
    .map((part) => {
      if (!part.isCode) return part.text
      return isHarmless(part.text) ? `\`${part.text}\`` : `(${WORDS.inSummary})`
    })
    .join('')
}

function isHarmless(text: string): boolean {
  if (SIGNAL.test(text)) return true
  const words = text.split(' ')
  const isCommand = /^(?:go|git|compile|link|asm|cgo|vet|-[a-z]+=?)/.test(text) && words.length <= WORDS_MAX
  return (words.length === 1 || isCommand) && words.every(isName)
}

/** One word that looks like a path or setting, and neither like an address with credentials nor like a key. */
function isName(word: string): boolean {
  const runs = word.match(/\w{20,}/g) ?? []
  const isKey = runs.some((run) => /\d/.test(run) && /[A-Za-z]/.test(run))
  const isUuid = /[0-9a-f]{8}-[0-9a-f]{4}-/i.test(word)
  return NAME.test(word) && !word.includes('://') && !isKey && !isUuid
}
