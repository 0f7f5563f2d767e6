import { deflateRawSync } from 'node:zlib'

/** A file to put into an archive; `method` 8 is deflated, everything else written as it is. */
export interface ZippedFile {
  readonly name: string
  readonly content: string | Uint8Array
  readonly method?: number
  readonly flags?: number
}

/** An archive as PKWARE's APPNOTE.TXT describes it, without checksums. */
export function zipOf(files: readonly ZippedFile[], comment = ''): Buffer {
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  let offset = 0
  for (const { name, content, method = 8, flags = 0x800 } of files) {
    const plain = Buffer.from(content)
    const bytes = method === 8 ? deflateRawSync(plain) : plain
    const nameBytes = Buffer.from(name)
    const extra = Buffer.from([0x55, 0x54, 1, 0, 0])
    const facts = Buffer.alloc(26)
    facts.writeUInt16LE(20, 0)
    facts.writeUInt16LE(flags, 2)
    facts.writeUInt16LE(method, 4)
    facts.writeUInt32LE(bytes.length, 14)
    facts.writeUInt32LE(plain.length, 18)
    facts.writeUInt16LE(nameBytes.length, 22)
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), facts, nameBytes, extra, bytes])
    local.writeUInt16LE(extra.length, 28)
    const place = Buffer.alloc(14)
    place.writeUInt32LE(offset, 10)
    centrals.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000'), facts, place, nameBytes]))
    locals.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(centrals)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(files.length, 4)
  end.writeUInt16LE(files.length, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(offset, 12)
  end.writeUInt16LE(Buffer.byteLength(comment), 16)
  return Buffer.concat([...locals, directory, Buffer.from('PK\u0005\u0006'), end, Buffer.from(comment)])
}
