/** When a TCP socket last received something. */
export interface SocketAge {
  readonly receivedBytes: number
  readonly receivedAgoMs: number
}

/**
 * What `ss -tinHe` prints (iproute2), by the socket's inode. `lastrcv` counts from the opening where nothing has come
 * yet, and `bytes_received` is left out then:
 *
 *     ESTAB 0      0      127.0.0.1:43244 127.0.0.1:45587 timer:(keepalive,27sec,0) ino:1265224 sk:1 cgroup:/ <->
 *     	 ts sack bbr wscale:10,10 rto:204 … bytes_sent:123 bytes_acked:124 … lastsnd:2048 lastrcv:2048 lastack:2048 …
 */
export function parseSocketAges(text: string): ReadonlyMap<string, SocketAge> {
  const ages = new Map<string, SocketAge>()
  for (const line of text.replaceAll(/\n\s+/g, ' ').split('\n')) {
    const inode = / ino:(\d+)/.exec(line)?.[1]
    const agoMs = / lastrcv:(\d+)/.exec(line)?.[1]
    if (inode === undefined || agoMs === undefined) continue
    const received = / bytes_received:(\d+)/.exec(line)?.[1] ?? '0'
    ages.set(inode, { receivedBytes: Number(received), receivedAgoMs: Number(agoMs) })
  }
  return ages
}
