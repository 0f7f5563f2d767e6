import type { LogLine } from '../../model/evidence.ts'
import { code, type Prose, prose } from '../../model/prose.ts'
import { ASSERTED } from '../assertion.ts'

/**
 * Who speaks: the module loader (`go: …`, `pkg@v1.2.3: Get "…`, `main.go:3:8: …@v1: reading …`), a version control
 * system below it, or a downloader of the script. A program or a test that talks to a server is none of them.
 */
const SPEAKER =
  /(?:^|\s)go(?: (?:get|install|run|build|list|test|vet|generate|mod \w{1,12}))?: |^(?:package|\s*\S{1,300} imports) |@v?\d\S{0,200}: |@(?:latest|upgrade|patch|master|main|HEAD|[0-9a-f]{7,40})\b.{0,300}: |\.go:\d{1,7}:\d{1,6}: |\/@v\/|\/@latest\b|\?go-get=1|unrecognized import path|https fetch|^\s*(?:fatal|error|ssh|remote|abort|svn|bzr|curl|wget|E|Err|W): |^\s*(?:fatal|curl|error|kex_exchange_identification|Connection (?:closed|reset)|wget)\b|downloading |golang\.org\/toolchain|failed to fetch |[Ff]ailed to (?:download|pull|resolve|load metadata|solve)|Error response from daemon|Temporary failure resolving/

/** The checksum database is asked at `/lookup/` and `/tile/`, or through a proxy below `/sumdb/`. */
export const SUMDB_ADDRESS = /\/lookup\/\S{1,400}@|\/tile\/\d{1,2}\/|\/sumdb\//

/** A line of one of those speakers, with a failure in it; looked for once, from the start of the line. */
export function sourceFails(failure: RegExp): RegExp {
  return new RegExp(`^(?=.{0,1500}?(?:${SPEAKER.source}))(?:.{0,6000}?)(?:${failure.source})`)
}

/** Neither an assertion nor a word about the checksum database, which has a diagnosis of its own. */
export const NOT_A_SOURCE = new RegExp(`${SUMDB_ADDRESS.source}|initializing sumdb|${ASSERTED.source}`)

/** `https://host/…` in quotes or not, and the host that a resolver was asked for. */
const HOST = /(?:https?|ssh|git):\/\/(?:[^\s/@"']{0,200}@)?(?<host>[A-Za-z0-9][A-Za-z0-9.-]{0,252})/

/** The host of the first address in a line, without credentials and port; `null` where there is none. */
export function hostIn(text: string): string | null {
  return HOST.exec(text)?.groups?.['host'] ?? null
}

/** "The host `h` <what>", or the line itself where it names none. */
export function sourceSays({ text }: LogLine, what: string): Prose {
  const host = hostIn(text)
  return host === null
    ? prose`A module source failed: ${code(text.trim().slice(0, 200))}.`
    : `${prose`The host ${code(host)}`} ${what}.`
}
