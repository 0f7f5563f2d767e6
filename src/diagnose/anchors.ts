/** The offset that stands for "not a letter of a word: a line ends here, or a terminal sequence begins". */
export const CONTROL = -0x40000000

/**
 * Finds any number of literals in one pass over bytes (Aho and Corasick, 1975), as a dense table: the state is the
 * offset of its row in `next`; `~offset` says that a literal ends here, {@link CONTROL} that the byte is LF, CR or ESC.
 */
export interface Automaton {
  readonly next: Int32Array
  /** Column of each byte value; bytes in no literal share one. */
  readonly columnOf: Uint8Array
  readonly columns: number
  /** For each row the owners of the literals that end there, each once. */
  readonly endings: readonly (readonly number[])[]
}

/** A literal and the number of who asked for it; the same literal may be asked for by several. */
export interface Literal {
  readonly text: string
  readonly owner: number
}

/** Whose literals are in some bytes, all of them at hand. */
export function ownersIn(automaton: Automaton, bytes: Uint8Array): readonly number[] {
  const found: number[] = []
  let state = 0
  for (const byte of bytes) {
    const to = automaton.next[state + (automaton.columnOf[byte] ?? 0)] ?? 0
    state = to === CONTROL ? 0 : to < 0 ? ~to : to
    if (to < 0 && to !== CONTROL) addOwners(found, automaton.endings[state / automaton.columns] ?? NONE)
  }
  return found
}

/** Adds those that are not yet there. There are few: an array is faster than a set. */
export function addOwners(found: number[], owners: readonly number[]): void {
  for (let i = 0; i < owners.length; i++) {
    const owner = owners[i] ?? 0
    if (!found.includes(owner)) found.push(owner)
  }
}

/** The literals must not be empty and must not hold LF, CR or ESC. */
export function buildAutomaton(literals: readonly Literal[]): Automaton {
  const words = literals.map(({ text, owner }) => ({ bytes: new TextEncoder().encode(text), owner }))
  const alphabet = columnsFor(words)
  const trie = growTrie(words, alphabet)
  completeRows(trie, alphabet.columns)
  return { ...alphabet, next: markRows(trie, alphabet.columns), endings: trie.endings }
}

interface Word {
  readonly bytes: Uint8Array
  readonly owner: number
}

interface Alphabet {
  readonly columnOf: Uint8Array
  readonly columns: number
}

/** Column 0 is every byte of no literal, column 1 the control bytes. */
function columnsFor(words: readonly Word[]): Alphabet {
  const columnOf = new Uint8Array(256)
  let columns = 2
  for (const byte of new Set(words.flatMap(({ bytes }) => [...bytes]))) columnOf[byte] = columns++
  for (const byte of [0x0a, 0x0d, 0x1b]) columnOf[byte] = 1
  return { columnOf, columns }
}

/** Rows of child offsets, 0 where there is no child: the root is nobody's child. */
interface Trie {
  readonly next: Int32Array
  readonly endings: (readonly number[])[]
}

const NONE: readonly number[] = []

function growTrie(words: readonly Word[], { columnOf, columns }: Alphabet): Trie {
  const most = words.reduce((rows, { bytes }) => rows + bytes.length, 1)
  const next = new Int32Array(most * columns)
  const endings: (readonly number[])[] = [NONE]
  for (const { bytes, owner } of words) {
    let row = 0
    for (const byte of bytes) {
      const place = row + (columnOf[byte] ?? 0)
      if (next[place] === 0) next[place] = (endings.push(NONE) - 1) * columns
      row = next[place] ?? 0
    }
    endings[row / columns] = together(endings[row / columns] ?? NONE, [owner])
  }
  return { next: next.subarray(0, endings.length * columns), endings }
}

function together(some: readonly number[], others: readonly number[]): readonly number[] {
  return [...new Set([...some, ...others])]
}

/**
 * Breadth first, so that the row of a state's longest proper suffix is complete before its own: what the state has no
 * child for goes where the suffix would go, and what ends in the suffix ends in the state too.
 */
function completeRows({ next, endings }: Trie, columns: number): void {
  const suffixes = new Int32Array(endings.length)
  const order = [0]
  for (const row of order) {
    const suffix = suffixes[row / columns] ?? 0
    for (let column = 0; column < columns; column++) {
      const child = next[row + column] ?? 0
      // The root's own row stands for its suffix: there a missing child leads back to the root, which is 0.
      const elsewhere = row === 0 ? 0 : (next[suffix + column] ?? 0)
      if (child === 0) {
        next[row + column] = elsewhere
        continue
      }
      suffixes[child / columns] = elsewhere
      const inherited = endings[elsewhere / columns] ?? NONE
      if (inherited.length > 0) endings[child / columns] = together(endings[child / columns] ?? NONE, inherited)
      order.push(child)
    }
  }
}

/** In place: `~offset` where a literal ends, {@link CONTROL} for the control bytes. */
function markRows({ next, endings }: Trie, columns: number): Int32Array {
  for (let i = 0; i < next.length; i++) {
    const to = next[i] ?? 0
    if (i % columns === 1) next[i] = CONTROL
    else if (to > 0 && endings[to / columns] !== NONE) next[i] = ~to
  }
  return next
}
