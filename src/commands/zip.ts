import { createInflateRaw } from 'node:zlib'

/** A file in an archive. Nothing of it is ever written to a disk; its name is somebody's text and no path of ours. */
export interface ZipEntry {
  readonly name: string
  /** The content in pieces. Throws where it is damaged, encrypted, or compressed in a way that is not known here. */
  read(): AsyncIterable<Uint8Array>
}

const STORED = 0
const DEFLATED = 8

/** Local file header, central directory header, end of central directory (PKWARE APPNOTE.TXT, 4.3). */
const LOCAL_HEADER = 0x04034b50
const CENTRAL_HEADER = 0x02014b50
const END_RECORD = 0x06054b50

const LOCAL_HEADER_BYTES = 30
const CENTRAL_HEADER_BYTES = 46
const END_RECORD_BYTES = 22
const MOST_COMMENT_BYTES = 0xffff
const MOST_ENTRIES = 20_000
const PIECE_BYTES = 256 * 1024

/** Whether bytes begin as a zip archive does: `PK\3\4`, or `PK\5\6` of an empty one. */
export function isZip(head: Uint8Array): boolean {
  const [p, k, third, fourth] = head
  return p === 0x50 && k === 0x4b && ((third === 3 && fourth === 4) || (third === 5 && fourth === 6))
}

/** The files of an archive, in its own order. Throws where it is no whole archive, or one beyond 4 GiB (ZIP64). */
export function zipEntries(archive: Buffer): readonly ZipEntry[] {
  const end = endRecord(archive)
  const count = archive.readUInt16LE(end + 10)
  const entries: ZipEntry[] = []
  let at = archive.readUInt32LE(end + 16)
  let contentBytes = 0
  if (count === 0xffff || at === 0xffffffff) throw new Error('the archive is in ZIP64 format, which is not read')
  if (count > MOST_ENTRIES) throw new Error(`the archive has ${count} files; at most ${MOST_ENTRIES} are read`)
  for (let i = 0; i < count; i++) {
    if (at + CENTRAL_HEADER_BYTES > end || archive.readUInt32LE(at) !== CENTRAL_HEADER) throw damaged()
    const nameBytes = archive.readUInt16LE(at + 28)
    const name = archive.toString('utf8', at + CENTRAL_HEADER_BYTES, at + CENTRAL_HEADER_BYTES + nameBytes)
    contentBytes += archive.readUInt32LE(at + 20)
    // More than there is: the same content under many names, which would be work without end.
    if (contentBytes > archive.length) throw damaged()
    if (!name.endsWith('/')) entries.push(entryAt(archive, at, name))
    at += CENTRAL_HEADER_BYTES + nameBytes + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32)
  }
  return entries
}

/** It is the last thing in the file, before a comment of at most 64 KiB. */
function endRecord(archive: Buffer): number {
  const last = archive.length - END_RECORD_BYTES
  for (let at = last; at >= Math.max(0, last - MOST_COMMENT_BYTES); at--) {
    if (archive.readUInt32LE(at) === END_RECORD) return at
  }
  throw damaged()
}

function entryAt(archive: Buffer, at: number, name: string): ZipEntry {
  const isEncrypted = (archive.readUInt16LE(at + 8) & 1) === 1
  const method = archive.readUInt16LE(at + 10)
  const bytes = archive.readUInt32LE(at + 20)
  const localHeader = archive.readUInt32LE(at + 42)
  return {
    name,
    async *read() {
      if (isEncrypted) throw new Error('a file in the archive is encrypted')
      const content = contentAt(archive, localHeader, bytes)
      if (method === STORED) yield* pieces(content)
      else if (method === DEFLATED) yield* inflated(content)
      else throw new Error(`a file in the archive is compressed by method ${method}; 0 and 8 are read`)
    }
  }
}

/** The local header has a name and extra fields of lengths of its own. */
function contentAt(archive: Buffer, at: number, bytes: number): Buffer {
  if (at + LOCAL_HEADER_BYTES > archive.length || archive.readUInt32LE(at) !== LOCAL_HEADER) throw damaged()
  const start = at + LOCAL_HEADER_BYTES + archive.readUInt16LE(at + 26) + archive.readUInt16LE(at + 28)
  if (start + bytes > archive.length) throw damaged()
  return archive.subarray(start, start + bytes)
}

function* pieces(content: Buffer): Generator<Uint8Array> {
  for (let at = 0; at < content.length; at += PIECE_BYTES) yield content.subarray(at, at + PIECE_BYTES)
}

/** Inflates as it is read, so that what a small file grows to is never held as a whole. */
async function* inflated(content: Buffer): AsyncGenerator<Uint8Array> {
  const inflate = createInflateRaw({ chunkSize: PIECE_BYTES })
  inflate.end(content)
  try {
    for await (const piece of inflate) if (piece instanceof Uint8Array) yield piece
  } catch {
    throw damaged()
  } finally {
    inflate.destroy()
  }
}

function damaged(): Error {
  return new Error('the archive is damaged or cut off')
}
