import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { isZip, zipEntries } from '../../src/commands/zip.ts'
import { zipOf } from './zip-files.ts'

const LONG = 'go build ./...\n'.repeat(60_000)
const FILES = [
  { name: 'build/', content: '', method: 0 },
  { name: 'build/1_Set up job.txt', content: 'ready\n', method: 0 },
  { name: 'build/2_größe.txt', content: LONG }
]

async function contentsOf(archive: Buffer): Promise<readonly (readonly [string, string])[]> {
  const found: [string, string][] = []
  for (const entry of zipEntries(archive)) {
    const pieces: Uint8Array[] = []
    for await (const piece of entry.read()) pieces.push(piece)
    found.push([entry.name, Buffer.concat(pieces).toString()])
  }
  return found
}

/** What reading it comes to: the number of its files, or the complaint. */
async function outcomeOf(archive: Buffer): Promise<string> {
  try {
    return `${(await contentsOf(archive)).length} files`
  } catch (fault) {
    return fault instanceof Error ? `${fault.name}: ${fault.message}` : String(fault)
  }
}

const EXPECTED = /^\d+ files$|^Error: (?:the archive|a file in the archive) /

describe('a zip archive', () => {
  test('has files, stored or deflated, and folders are none', async () => {
    expect(await contentsOf(zipOf(FILES))).toEqual([
      ['build/1_Set up job.txt', 'ready\n'],
      ['build/2_größe.txt', LONG]
    ])
  })

  test('may have a comment at its end, and no file at all', async () => {
    expect(await contentsOf(zipOf(FILES, 'run 7'.repeat(1000)))).toHaveLength(2)
    expect(await contentsOf(zipOf([]))).toEqual([])
  })

  test('is known by its first bytes', () => {
    expect(isZip(zipOf(FILES))).toBe(true)
    expect(isZip(zipOf([]))).toBe(true)
    expect(isZip(Buffer.from('PK'))).toBe(false)
    expect(isZip(Buffer.from('# example.com/app\n'))).toBe(false)
  })

  test('comes in pieces, however much it grows', async () => {
    const [entry] = zipEntries(zipOf([{ name: 'a.txt', content: new Uint8Array(8_000_000) }]))
    const lengths: number[] = []
    for await (const piece of entry?.read() ?? []) lengths.push(piece.length)
    expect(Math.max(...lengths)).toBeLessThanOrEqual(256 * 1024)
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(8_000_000)
  })

  test('that is encrypted or compressed in another way is refused in words', async () => {
    expect(await outcomeOf(zipOf([{ name: 'a.txt', content: 'x', flags: 1 }]))).toBe(
      'Error: a file in the archive is encrypted'
    )
    expect(await outcomeOf(zipOf([{ name: 'a.txt', content: 'x', method: 93 }]))).toBe(
      'Error: a file in the archive is compressed by method 93; 0 and 8 are read'
    )
  })

  test('that claims more files than a run can have is refused', async () => {
    const archive = zipOf([])
    archive.writeUInt16LE(30_000, archive.length - 12)
    expect(await outcomeOf(archive)).toBe('Error: the archive has 30000 files; at most 20000 are read')
  })

  test('whose files share one content is refused: it would be work without end', async () => {
    const single = zipOf([{ name: 'a.txt', content: 'x'.repeat(500), method: 0 }])
    const directoryBytes = single.readUInt32LE(single.length - 10)
    const start = single.length - 22 - directoryBytes
    const entry = single.subarray(start, start + directoryBytes)
    const end = Buffer.from(single.subarray(-22))
    end.writeUInt16LE(2, 10)
    expect(await outcomeOf(Buffer.concat([single.subarray(0, start), entry, entry, end]))).toBe(
      'Error: the archive is damaged or cut off'
    )
  })

  test('that is cut off anywhere, or has any byte changed, is read or refused in words', async () => {
    const whole = zipOf(FILES.map((file) => ({ ...file, content: file.content.slice(0, 300) })))
    const damage = fc.record({
      length: fc.integer({ min: 0, max: whole.length }),
      at: fc.nat(whole.length - 1),
      byte: fc.nat(255)
    })
    await fc.assert(
      fc.asyncProperty(damage, fc.boolean(), async ({ length, at, byte }, isCut) => {
        const archive = Buffer.from(isCut ? whole.subarray(0, length) : whole)
        if (!isCut) archive[at] = byte
        expect(await outcomeOf(archive)).toMatch(EXPECTED)
      }),
      { numRuns: 500 }
    )
  })

  test('of any bytes between its marks is read or refused in words', async () => {
    const marks = ['PK\u0001\u0002', 'PK\u0003\u0004', 'PK\u0005\u0006'].map((text) => Buffer.from(text))
    const parts = fc.array(fc.oneof(fc.constantFrom(...marks), fc.uint8Array({ maxLength: 60 })), { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(parts, async (all) => {
        expect(await outcomeOf(Buffer.concat(all))).toMatch(EXPECTED)
      }),
      { numRuns: 500 }
    )
  })
})
