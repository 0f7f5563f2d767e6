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
  /** For each row, which literals end there (indexes of the list it was built from). */
  readonly endings: readonly (readonly number[])[]
}

/** Which literals are in some bytes, all of them at hand. */
export function literalsIn(automaton: Automaton, bytes: Uint8Array): ReadonlySet<number> {
  const found = new Set<number>()
  let state = 0
  for (const byte of bytes) {
    const to = automaton.next[state + (automaton.columnOf[byte] ?? 0)] ?? 0
    state = to === CONTROL ? 0 : to < 0 ? ~to : to
    if (to < 0 && to !== CONTROL) for (const id of automaton.endings[state / automaton.columns] ?? []) found.add(id)
  }
  return found
}

interface Node {
  readonly children: Map<number, number>
  readonly ends: number[]
  fallback: number
}

/** The literals must not be empty and must not hold LF, CR or ESC. */
export function buildAutomaton(literals: readonly string[]): Automaton {
  const words = literals.map((literal) => new TextEncoder().encode(literal))
  const { columnOf, columns } = columnsFor(words)
  const nodes = growTrie(words)
  const next = new Int32Array(nodes.length * columns)
  for (const index of breadthFirst(nodes)) fillRow({ next, columnOf, columns, nodes, index })
  for (let row = 0; row < nodes.length; row++) next.fill(CONTROL, row * columns + 1, row * columns + 2)
  return { next: markEndings(next, nodes, columns), columnOf, columns, endings: nodes.map((node) => node.ends) }
}

/** Column 0 is every byte of no literal, column 1 the control bytes. */
function columnsFor(words: readonly Uint8Array[]): { columnOf: Uint8Array; columns: number } {
  const columnOf = new Uint8Array(256)
  let columns = 2
  for (const byte of new Set(words.flatMap((word) => [...word]))) columnOf[byte] = columns++
  for (const byte of [0x0a, 0x0d, 0x1b]) columnOf[byte] = 1
  return { columnOf, columns }
}

function growTrie(words: readonly Uint8Array[]): readonly Node[] {
  const nodes: Node[] = [newNode()]
  for (const [id, word] of words.entries()) {
    let at = 0
    for (const byte of word) {
      const children = nodes[at]?.children
      at = children?.get(byte) ?? nodes.length
      if (at === nodes.length) {
        children?.set(byte, at)
        nodes.push(newNode())
      }
    }
    nodes[at]?.ends.push(id)
  }
  return nodes
}

function newNode(): Node {
  return { children: new Map(), ends: [], fallback: 0 }
}

function breadthFirst(nodes: readonly Node[]): readonly number[] {
  const order = [0]
  for (let i = 0; i < order.length; i++) order.push(...(nodes[order[i] ?? 0]?.children.values() ?? []))
  return order
}

interface Filling {
  readonly next: Int32Array
  readonly columnOf: Uint8Array
  readonly columns: number
  readonly nodes: readonly Node[]
  readonly index: number
}

/** Copies the row of the longest proper suffix, which is complete by then, and puts the own children over it. */
function fillRow({ next, columnOf, columns, nodes, index }: Filling): void {
  const node = nodes[index]
  if (node === undefined) return
  const ownRow = index * columns
  const suffixRow = node.fallback * columns
  if (index !== 0) next.copyWithin(ownRow, suffixRow, suffixRow + columns)
  for (const [byte, child] of node.children) {
    const column = columnOf[byte] ?? 0
    const childNode = nodes[child]
    if (childNode !== undefined) {
      childNode.fallback = index === 0 ? 0 : (next[suffixRow + column] ?? 0) / columns
      childNode.ends.push(...(nodes[childNode.fallback]?.ends ?? []))
    }
    next[ownRow + column] = child * columns
  }
}

function markEndings(next: Int32Array, nodes: readonly Node[], columns: number): Int32Array {
  return next.map((to) => (to > 0 && (nodes[to / columns]?.ends.length ?? 0) > 0 ? ~to : to))
}
