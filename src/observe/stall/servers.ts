import type { KnownServer } from '../../model/stall.ts'
import type { Processes } from '../../ports/processes.ts'

/** A server that the build's settings name, with the addresses that it is known to have. */
export interface NamedServer extends KnownServer {
  /** `10.0.0.7:443`; empty as long as nobody has asked for them. */
  readonly addresses: readonly string[]
}

const HTTP_PROXIES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'] as const

/** The variables that name servers, as a process has them, or as `go env` tells them. */
export type ServerSettings = Readonly<Partial<Record<'GOPROXY' | 'GOSUMDB' | (typeof HTTP_PROXIES)[number], string>>>

/** From `NAME=value` of an environment. */
export function serverSettings(environment: readonly string[]): ServerSettings {
  const found = ['GOPROXY', 'GOSUMDB', ...HTTP_PROXIES].flatMap((name) => {
    const entry = environment.find((one) => one.startsWith(`${name}=`))
    return entry === undefined ? [] : [[name, entry.slice(name.length + 1)]]
  })
  return Object.fromEntries(found)
}

const GO_HOST = ['golang', 'org'].join('.')
const DEFAULT_PROXY = `https://proxy.${GO_HOST},direct`
const DEFAULT_SUMDB = `sum.${GO_HOST}`
const MOST_NAMES = 6
const DEADLINE_MS = 1000

/** From GOPROXY, GOSUMDB and the proxy variables of HTTP clients: nothing is asked. */
export function serversOf(settings: ServerSettings): readonly NamedServer[] {
  const { GOPROXY, GOSUMDB } = settings
  // GOSUMDB="<sumdb>+key https://sum.example.com"
  const [sumdbName = '', sumdbUrl] = (GOSUMDB || DEFAULT_SUMDB).trim().split(/\s+/)
  const sumdb = sumdbName === 'off' ? [] : [sumdbUrl ?? `https://${sumdbName.split('+')[0]}`]
  const httpProxies = HTTP_PROXIES.flatMap((name) => settings[name] || [])
  return distinct([
    ...(GOPROXY || DEFAULT_PROXY).split(/[,|]/).flatMap((url) => serverAt(url, 'module proxy')),
    ...sumdb.flatMap((url) => serverAt(url, 'checksum database')),
    ...httpProxies.flatMap((url) => serverAt(url.includes('://') ? url : `http://${url}`, 'HTTP proxy'))
  ])
}

const GIT_PROGRAM = /^(?:git|git-remote-\w+|git-lfs|ssh)$/

/** From the arguments of a process: `git-remote-https origin https://example.com/x.git`, `curl https://example.com`. */
export function serversIn(argv: readonly string[], tool: string): readonly NamedServer[] {
  const role = GIT_PROGRAM.test(tool) ? 'Git server' : 'server'
  const ofUrls = argv.flatMap((word) => /\b(?:https?|ssh|git):\/\/[^\s'"]+/.exec(word)?.[0] ?? [])
  const ofSsh =
    tool === 'ssh' ? argv.slice(1).flatMap((word) => /^(?:[\w.-]+@)?([\w-]+(?:\.[\w-]+)+)$/.exec(word)?.[1] ?? []) : []
  return distinct([
    ...ofUrls.flatMap((url) => serverAt(url, role)),
    ...ofSsh.flatMap((host) => serverAt(`ssh://${host}`, role))
  ])
}

const PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443', 'ssh:': '22', 'git:': '9418' }

/** What stands before an `@` is left out: it may be a password. */
function serverAt(text: string, role: KnownServer['role']): readonly NamedServer[] {
  if (!URL.canParse(text.trim())) return []
  const { hostname, port, protocol } = new URL(text.trim())
  const number = port || PORTS[protocol]
  if (hostname === '' || number === undefined) return []
  const host = `${hostname}:${number}`
  if (hostname === 'localhost') return [{ role, host, addresses: [`127.0.0.1:${number}`, `[::1]:${number}`] }]
  return [{ role, host, addresses: isAddress(hostname) ? [host] : [] }]
}

function isAddress(hostname: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+$/.test(hostname) || hostname.startsWith('[')
}

function distinct(servers: readonly NamedServer[]): readonly NamedServer[] {
  return servers.filter((one, i) => servers.findIndex(({ host }) => host === one.host) === i)
}

/**
 * Asks the system for the addresses of the names, as `getent ahosts` does: the same sources that the build's tools ask.
 * Only names with a port that somebody waits on; each with a deadline, since the name service may be what hangs.
 */
export async function resolved(
  processes: Processes,
  servers: readonly NamedServer[],
  ports: ReadonlySet<string>
): Promise<readonly NamedServer[]> {
  const isAsked = ({ host, addresses }: NamedServer): boolean => addresses.length === 0 && ports.has(portOf(host))
  const asked = servers.filter(isAsked).slice(0, MOST_NAMES)
  return Promise.all(servers.map((one) => (asked.includes(one) ? withAddresses(processes, one) : one)))
}

/** `142.250.74.49   STREAM <goproxy>` */
async function withAddresses(processes: Processes, server: NamedServer): Promise<NamedServer> {
  const name = server.host.slice(0, server.host.lastIndexOf(':'))
  const { code, stdout } = await processes.run('getent', ['ahosts', name], { deadlineMs: DEADLINE_MS })
  if (code !== 0) return server
  const addresses = stdout.split('\n').flatMap((line) => /^([\da-f.:]+)\s/i.exec(line)?.[1] ?? [])
  const port = portOf(server.host)
  return {
    ...server,
    addresses: [...new Set(addresses)].map((one) => (one.includes(':') ? `[${one}]:${port}` : `${one}:${port}`))
  }
}

/** The one server with this address; `null` where it has none or several do: the address is all that is known then. */
export function serverAtAddress(servers: readonly NamedServer[], address: string): KnownServer | null {
  const [first, ...others] = servers.filter(({ addresses }) => addresses.includes(address))
  return first === undefined || others.length > 0 ? null : { role: first.role, host: first.host }
}

export function portOf(address: string): string {
  return address.slice(address.lastIndexOf(':') + 1)
}
