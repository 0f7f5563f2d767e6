/** One socket of `/proc/PID/net/{tcp,tcp6,udp,udp6}`. */
export interface InetSocket {
  /** `10.0.0.7:443`, `[2001:db8::7]:443`; an IPv4 address in IPv6 clothes is shown as what it is. */
  readonly local: string
  readonly remote: string
  readonly state: string
  /** TCP: sent and not acknowledged, or while connecting not sent. */
  readonly sendQueueBytes: number
  readonly receiveQueueBytes: number
  readonly inode: string
}

/** Names of the numbers, include/net/tcp_states.h; UDP uses two of them. */
const STATES = [
  'ESTABLISHED',
  'SYN_SENT',
  'SYN_RECV',
  'FIN_WAIT1',
  'FIN_WAIT2',
  'TIME_WAIT',
  'CLOSE',
  'CLOSE_WAIT',
  'LAST_ACK',
  'LISTEN',
  'CLOSING',
  'NEW_SYN_RECV'
]

/**
 * Addresses are printed as words of the machine, so on a little-endian one `0100007F` is 127.0.0.1 (proc_pid_net(5)):
 *
 *       sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
 *        2: 0100007F:A8EC 0100007F:B213 01 00000000:00000000 02:00000AEC 00000000     0        0 1265224 2 …
 */
export function parseInetSockets(text: string): readonly InetSocket[] {
  return text.split('\n').flatMap((line) => {
    const [index, local = '', remote = '', state = '', queues = '', , , , , inode] = line.trim().split(/\s+/)
    const [sent, received] = queues.split(':')
    if (!/^\d+:$/.test(index ?? '') || inode === undefined || sent === undefined || received === undefined) return []
    const [from, to] = [endpoint(local), endpoint(remote)]
    if (from === null || to === null) return []
    return [
      {
        local: from,
        remote: to,
        state: STATES[Number.parseInt(state, 16) - 1] ?? state,
        sendQueueBytes: Number.parseInt(sent, 16),
        receiveQueueBytes: Number.parseInt(received, 16),
        inode
      }
    ]
  })
}

function endpoint(text: string): string | null {
  const [, address = '', port = ''] = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/i.exec(text) ?? []
  if (address === '') return null
  const bytes = address.match(/.{8}/g)?.flatMap(bytesOfWord) ?? []
  return `${bytes.length === 4 ? bytes.join('.') : ipv6(bytes)}:${Number.parseInt(port, 16)}`
}

function bytesOfWord(word: string): readonly number[] {
  return (word.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)).reverse()
}

function ipv6(bytes: readonly number[]): string {
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255
  if (isMapped) return bytes.slice(12).join('.')
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16)
  )
  return `[${shortened(groups.join(':'))}]`
}

/** The longest run of zero groups becomes `::` (RFC 5952). */
function shortened(address: string): string {
  const runs = [...address.matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].map(([run]) => run)
  const longest = runs.toSorted((a, b) => b.length - a.length)[0]
  if (longest === undefined) return address
  const at = address.indexOf(longest)
  return `${address.slice(0, at)}::${address.slice(at + longest.length + 1)}`
}
